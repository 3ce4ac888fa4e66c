"""Which program has a file open: Windows refuses to replace or delete such a file."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path

# Of Windows: access denied (the file may be open), sharing violation, lock violation.
ACCESS_DENIED, SHARING_VIOLATION, LOCK_VIOLATION = 5, 32, 33
REFUSED = frozenset((ACCESS_DENIED, SHARING_VIOLATION, LOCK_VIOLATION))
MAX_FILES, MAX_PROGRAMS = 500, 8


class FileInUse(PermissionError):
    """A file, or one in a folder, that programs have open; `programs` is empty if the system does not name them."""

    def __init__(self, path: Path, programs: tuple[str, ...]) -> None:
        super().__init__(errno.EACCES, os.strerror(errno.EACCES), str(path))
        self.programs = programs


def programs_with(path: Path) -> tuple[str, ...]:
    """Return the names of the programs that have a file, or a file in a folder, open; () on other systems."""
    if sys.platform == "win32":
        with suppress(OSError):
            return _ask_restart_manager(path)
    return ()


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Process(ctypes.Structure):
        """RM_PROCESS_INFO: a program that the restart manager names."""

        _fields_ = (
            ("process_id", wintypes.DWORD),
            ("started", wintypes.FILETIME),
            ("name", wintypes.WCHAR * 256),
            ("service", wintypes.WCHAR * 64),
            ("kind", wintypes.UINT),
            ("status", wintypes.ULONG),
            ("session", wintypes.DWORD),
            ("restartable", wintypes.BOOL),
        )

    def _ask_restart_manager(path: Path) -> tuple[str, ...]:
        """Return the names of programs with open files. Raises OSError if Windows has no restart manager."""
        manager = ctypes.WinDLL("rstrtmgr")
        handle, key = wintypes.DWORD(), ctypes.create_unicode_buffer(33)
        if manager.RmStartSession(ctypes.byref(handle), 0, key):
            return ()
        try:
            files = (
                [str(f) for f in islice(path.rglob("*"), MAX_FILES) if f.is_file()] if path.is_dir() else [str(path)]
            )
            names = (wintypes.LPCWSTR * len(files))(*files)
            if manager.RmRegisterResources(handle, len(files), names, 0, None, 0, None):
                return ()
            processes, reasons = (_Process * MAX_PROGRAMS)(), wintypes.DWORD()
            needed, count = wintypes.UINT(), wintypes.UINT(MAX_PROGRAMS)
            if manager.RmGetList(handle, ctypes.byref(needed), ctypes.byref(count), processes, ctypes.byref(reasons)):
                return ()
            return tuple(sorted({process.name for process in processes[: count.value] if process.name}))
        finally:
            manager.RmEndSession(handle)
