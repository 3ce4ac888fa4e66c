"""Limit the memory of this process, so that a hostile file ends the process and not the machine."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _PROCESS_MEMORY, _EXTENDED_LIMITS = 0x100, 9  # JOB_OBJECT_LIMIT_PROCESS_MEMORY, JobObjectExtendedLimitInformation

    class _Limits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION. Only `flags` and `process_bytes` are set."""

        _fields_ = (
            ("user_times", ctypes.c_int64 * 2),
            ("flags", wintypes.DWORD),
            ("working_sets", ctypes.c_size_t * 2),
            ("active_processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("classes", wintypes.DWORD * 2),
            ("transfers", ctypes.c_uint64 * 6),
            ("process_bytes", ctypes.c_size_t),
            ("job_bytes", ctypes.c_size_t),
            ("peaks", ctypes.c_size_t * 2),
        )

    def _limit_by_job(limit_bytes: int) -> bool:
        """Put this process into a job object, which needs no rights; return whether Windows lets it."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = wintypes.HANDLE
        job = wintypes.HANDLE(kernel.CreateJobObjectW(None, None))
        limits = _Limits(flags=_PROCESS_MEMORY, process_bytes=limit_bytes)
        size = ctypes.sizeof(limits)
        is_set = kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), size)
        return bool(is_set and kernel.AssignProcessToJobObject(job, wintypes.HANDLE(kernel.GetCurrentProcess())))


def limit_memory(limit_bytes: int) -> bool:
    """Limit the address space of this process, on Windows its committed memory; return whether the system can."""
    if sys.platform == "win32":
        return _limit_by_job(limit_bytes)
    else:  # noqa: RET505 (mypy would call the lines unreachable on Windows)
        try:
            import resource
        except ImportError:  # a system that is neither
            return False
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
        return True
