"""Refuse what Windows refuses to a user without rights. Python imports this module at start, because of its name.

No symbolic links. No rename over a folder, and none of a file that any process has open or mapped, or of a folder with
such a file; nor is it deleted. No fsync of a file that is open for reading, and no handle of a folder. The package has
no module and no function that only POSIX systems have.
"""

# `pathlib` calls the functions that this module replaces.
# ruff: noqa: PTH112, PTH113, PTH114, PTH115, PTH123, PTH208
from __future__ import annotations

import builtins
import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

POSIX_MODULES = frozenset(("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "posix"))
POSIX_FUNCTIONS = (
    "sched_getaffinity",
    "killpg",
    "getpgid",
    "setsid",
    "getuid",
    "geteuid",
    "chown",
    "mkfifo",
    "statvfs",
)
DENIED, SHARED, EXISTS, NO_PRIVILEGE = 5, 32, 183, 1314  # error codes of Windows


def fault(kind: type[OSError], number: int, winerror: int, *paths: Any) -> OSError:
    """Return an error as Python raises it on Windows."""
    error = kind(number, os.strerror(number), *map(os.fspath, paths[:1]))
    error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


def open_paths() -> Iterator[str]:
    """Yield the files that processes have open or mapped."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            for handle in os.listdir(f"/proc/{process}/fd"):
                with suppress(OSError):
                    yield os.readlink(f"/proc/{process}/fd/{handle}")
        with suppress(OSError), open(f"/proc/{process}/maps", encoding="utf-8", errors="replace") as maps:
            yield from (line.split(maxsplit=5)[5].rstrip("\n") for line in maps if "/" in line)


def is_open(path: Any) -> bool:
    """Return whether a process has a file, or a file in a folder, open."""
    place = os.path.realpath(path)
    return any(p == place or p.startswith(place + os.sep) for p in open_paths() if os.path.isfile(p))


def refuse_open(function: Callable[..., Any], code: int) -> Callable[..., Any]:
    """Return a function that refuses a path with open files."""

    def refuse(path: Any, *arguments: Any, **options: Any) -> Any:
        if not os.path.islink(path) and is_open(path):
            raise fault(PermissionError, errno.EACCES, code, path)
        return function(path, *arguments, **options)

    return refuse


def refuse_target(function: Callable[..., Any], *, replaces: bool) -> Callable[..., Any]:
    """Return a rename that refuses a folder or an open file as its target and, unless it `replaces`, any target."""

    def refuse(source: Any, target: Any, **options: Any) -> Any:
        if os.path.lexists(target):
            if not replaces:
                raise fault(FileExistsError, errno.EEXIST, EXISTS, source)
            if os.path.isdir(target) or is_open(target):
                raise fault(PermissionError, errno.EACCES, DENIED, source)
        return function(source, target, **options)

    return refuse_open(refuse, SHARED)


def refuse_link(source: Any, target: Any, *_: Any, **__: Any) -> None:
    """Refuse a symbolic link."""
    raise fault(OSError, errno.EINVAL, NO_PRIVILEGE, source)


def refuse_folder(function: Callable[..., int]) -> Callable[..., int]:
    """Return an `os.open` that opens no folder."""

    def refuse(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if os.path.isdir(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return function(path, flags, *arguments, **options)

    return refuse


def refuse_read_only(function: Callable[[int], None]) -> Callable[[int], None]:
    """Return an `os.fsync` that forces only a file to the disk that is open for writing."""

    def refuse(handle: int) -> None:
        with open(f"/proc/self/fdinfo/{handle}", encoding="ascii") as info:
            flags = next(int(line.split()[1], 8) for line in info if line.startswith("flags"))
        if flags & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        function(handle)

    return refuse


def refuse_modules(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return an import that finds no POSIX module for the package; its libraries have their own for Windows."""

    def refuse(name: str, scope: Any = None, *arguments: Any, **options: Any) -> Any:
        if name in POSIX_MODULES and (scope or {}).get("__name__", "").startswith("pipeline"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return function(name, scope, *arguments, **options)

    return refuse


def emulate() -> None:
    """Replace the functions of this process."""
    os.symlink = refuse_link  # type: ignore[assignment]
    os.replace = refuse_target(os.replace, replaces=True)
    os.rename = refuse_target(os.rename, replaces=False)
    os.unlink = os.remove = refuse_open(os.unlink, SHARED)
    os.open = refuse_folder(os.open)
    os.fsync = refuse_read_only(os.fsync)  # type: ignore[assignment]
    shutil._use_fd_functions = False  # type: ignore[attr-defined] # Windows has no handles of folders
    builtins.__import__ = refuse_modules(builtins.__import__)
    for name in POSIX_FUNCTIONS:
        delattr(os, name)


if __name__ == "sitecustomize" and sys.platform == "linux":
    emulate()
