"""What a reader must not do while it reads: reach the network, start a program, write, or open another file.

The hook stays for the life of the process and looks only while `watched` is at work, so that the harness itself may
write its files.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The program's own files and its libraries', which are read when they are first needed.
_OWN = tuple(
    os.path.realpath(p) + os.sep
    for p in (sys.prefix, sys.base_prefix, Path(__file__).resolve().parent.parent.parent / "pipeline")
)
_REFUSED = ("socket.", "subprocess.", "urllib.", "http.", "ftplib.", "smtplib.", "shutil.", "tempfile.")
_CHANGES = frozenset(
    f"os.{name}"
    for name in "system exec posix_spawn spawn fork remove rename rmdir mkdir link symlink truncate chmod chown".split()  # noqa: SIM905
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Trespass(BaseException):
    """A reader did what it must not do. No Exception, so that no handler in the program takes it for a usual fault."""


class _Watch:
    allowed: tuple[str, ...] | None = None  # None: nobody is watched
    seen: list[str] = []  # noqa: RUF012 (there is one watch)
    installed = False
    thread = 0  # who is watched: others of the process, such as what runs the tests, go on


@contextmanager
def watched(*folders: Path) -> Iterator[None]:
    """Raise Trespass for whatever is not allowed; files may be read below `folders` only."""
    if not _Watch.installed:
        sys.addaudithook(_look)
        _Watch.installed = True
    _Watch.seen.clear()
    _Watch.thread = threading.get_ident()
    _Watch.allowed = tuple(os.path.realpath(f) for f in folders)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # what Python writes when it first loads a library
    try:
        yield
    finally:
        _Watch.allowed, sys.dont_write_bytecode = None, kept
    if _Watch.seen:
        raise Trespass(_Watch.seen[0])


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if _Watch.allowed is None or threading.get_ident() != _Watch.thread:
        return
    if event == "open":
        _look_at_file(*arguments)
    elif event.startswith(_REFUSED) or event in _CHANGES:
        _refuse(f"{event} {arguments!r}")


def _look_at_file(path: object = None, mode: object = None, flags: object = 0, *_: object) -> None:
    writes = any(c in str(mode or "r") for c in "wax+") or (isinstance(flags, int) and bool(flags & _WRITES))
    if writes or not (isinstance(path, str | bytes) and _may_be_read(os.fsdecode(path))):
        _refuse(f"open {path!r} {mode!r}")


def _may_be_read(path: str) -> bool:
    folders = _Watch.allowed or ()
    _Watch.allowed = None  # to resolve a link opens nothing, but it may ask the system
    try:
        real = os.path.realpath(path)
    finally:
        _Watch.allowed = folders
    return real.startswith(_OWN) or any(real == f or real.startswith(f + os.sep) for f in folders)


def _refuse(what: str) -> None:
    _Watch.seen.append(what)
    raise Trespass(what)
