"""Forbid a reader to use the network, start a program, write, or open another file than its own.

The audit hook cannot be removed from the process. It acts only inside `forbid_side_effects`, so that the harness can
write its files.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The files of the program and its libraries, which Python reads on the first import.
_PROGRAM_FOLDERS = tuple(
    os.path.realpath(p) + os.sep
    for p in (sys.prefix, sys.base_prefix, Path(__file__).resolve().parent.parent.parent / "pipeline")
)
_FORBIDDEN_PREFIXES = ("socket.", "subprocess.", "urllib.", "http.", "ftplib.", "smtplib.", "shutil.", "tempfile.")
_FORBIDDEN_EVENTS = frozenset(
    f"os.{name}"
    for name in "system exec posix_spawn spawn fork remove rename rmdir mkdir link symlink truncate chmod chown".split()  # noqa: SIM905
)
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class ForbiddenAction(BaseException):
    """A forbidden action of a reader. It is no Exception, so that no handler in the program catches it."""


class _Watch:
    """The state of the hook. There is one hook per process."""

    folders: tuple[str, ...] | None = None  # the readable folders; None while nothing is forbidden
    actions: list[str] = []  # noqa: RUF012 (there is one watch)
    is_installed = False
    thread = 0  # the watched thread; other threads, such as those of pytest, are not restricted


@contextmanager
def forbid_side_effects(*folders: Path) -> Iterator[None]:
    """Forbid all actions of this thread except reading files below `folders` and of the program.

    Raises ForbiddenAction at the action, and again at the end if a handler swallowed it.
    """
    if not _Watch.is_installed:
        sys.addaudithook(_check_event)
        _Watch.is_installed = True
    _Watch.actions.clear()
    _Watch.thread = threading.get_ident()
    _Watch.folders = tuple(os.path.realpath(f) for f in folders)
    # Python would write byte code when it first imports a library.
    previous_setting, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        _Watch.folders, sys.dont_write_bytecode = None, previous_setting
    if _Watch.actions:
        raise ForbiddenAction(_Watch.actions[0])


def _check_event(event: str, arguments: tuple[object, ...]) -> None:
    """Raise ForbiddenAction for a forbidden audit event of the watched thread."""
    if _Watch.folders is None or threading.get_ident() != _Watch.thread:
        return
    if event == "open":
        _check_open(*arguments)
    elif event.startswith(_FORBIDDEN_PREFIXES) or event in _FORBIDDEN_EVENTS:
        _refuse(f"{event} {arguments!r}")


def _check_open(path: object = None, mode: object = None, flags: object = 0, *_: object) -> None:
    is_write = any(c in str(mode or "r") for c in "wax+") or (isinstance(flags, int) and bool(flags & _WRITE_FLAGS))
    if is_write or not (isinstance(path, str | bytes) and _is_readable(os.fsdecode(path))):
        _refuse(f"open {path!r} {mode!r}")


def _is_readable(path: str) -> bool:
    """Return whether a path, with its links resolved, is below a readable folder."""
    folders = _Watch.folders or ()
    _Watch.folders = None  # resolving a link may cause events of its own
    try:
        real = os.path.realpath(path)
    finally:
        _Watch.folders = folders
    return real.startswith(_PROGRAM_FOLDERS) or any(real == f or real.startswith(f + os.sep) for f in folders)


def _refuse(action: str) -> None:
    """Record a forbidden action and raise ForbiddenAction."""
    _Watch.actions.append(action)
    raise ForbiddenAction(action)
