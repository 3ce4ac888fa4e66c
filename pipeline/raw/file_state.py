"""The hash of every file below `data/raw`, without reading again the files that have not changed.

A hash is reused while the file's size, times and inode are the same. A hash of a file that had changed less than two
seconds before is not kept: within the resolution of its clock a file can change again and have the same times.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path

CLOCK_RESOLUTION_NS = 2_000_000_000  # of the coarsest file system in use (FAT)
BUFFER_BYTES = 2**16
UNKNOWN_STATE = ""
State = str  # "size:time of writing:time of change:inode", times in nanoseconds
CachedHash = tuple[State, str]  # the state of a file, and the SHA-256 that it had then


class RawFiles:
    """The regular files below `raw`, by path relative to it.

    `states` has the state of each, `links` the paths of symbolic links, to folders too. Files of editors and of the
    system (`.name`, `~$name`) are left out.
    """

    def __init__(self, raw: Path, cached: Mapping[str, CachedHash] | None = None) -> None:
        self._raw = os.fspath(raw)
        self._cached = cached or {}
        self._scanned_at = time.time_ns()
        self._new: dict[str, CachedHash] = {}
        self.states: dict[str, State] = {}
        self.links: set[str] = set()
        self._scan(self._raw, "")

    def use_hashes(self, cached: Mapping[str, CachedHash]) -> None:
        """Reuse these hashes where the state of the file is the same."""
        self._cached = cached

    def are_settled(self) -> bool:
        """Return whether no file had changed shortly before the scan, so that each content has a state of its own."""
        latest = self._scanned_at - CLOCK_RESOLUTION_NS
        return all(_last_change(state) < latest for state in self.states.values())

    def contains(self, path: str) -> bool:
        """Return whether a path leads to a place below `raw` when its links are followed."""
        if path in self.states and path not in self.links:
            return True  # no folder above it is a link, because the scan does not enter those
        return os.path.realpath(f"{self._raw}/{path}").startswith(os.path.realpath(self._raw) + os.sep)

    def sha256(self, path: str) -> str:
        """Return the hash of a file, '' where it cannot be read."""
        state = self.states.get(path, UNKNOWN_STATE)
        cached_state, digest = self._cached.get(path, (UNKNOWN_STATE, ""))
        if cached_state == state != UNKNOWN_STATE:
            return digest
        started = time.time_ns()
        digest = sha256(f"{self._raw}/{path}")
        if digest and state != UNKNOWN_STATE and _last_change(state) + CLOCK_RESOLUTION_NS < started:
            self._new[path] = state, digest
        return digest

    def cacheable(self) -> dict[str, CachedHash] | None:
        """Return the hashes that later runs may reuse, or None if the cache has exactly these."""
        reused = {p: entry for p, entry in self._cached.items() if self.states.get(p, UNKNOWN_STATE) == entry[0]}
        return reused | self._new if self._new or len(reused) < len(self._cached) else None

    def _scan(self, folder: str, prefix: str) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if entry.is_symlink():
                    self.links.add(prefix + name)
                if entry.is_dir(follow_symlinks=False):
                    self._scan(entry.path, f"{prefix}{name}/")
                elif name[0] != "." and name[:2] != "~$" and (state := _state(entry)):
                    self.states[prefix + name] = state


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file, '' where it cannot be read or is a device or a pipe, which might never end."""
    try:
        if not os.path.isfile(path):  # noqa: PTH113 (as below)
            return ""
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (100,000 Path objects take longer than their files)
            digest = hashlib.sha256()
            while content := file.read(BUFFER_BYTES):
                digest.update(content)
            return digest.hexdigest()
    except OSError:
        return ""


def _state(entry: os.DirEntry[str]) -> State | None:
    """Return the state of a regular file, None for anything else and for a link that leads nowhere."""
    try:
        status = entry.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def _last_change(state: State) -> int:
    return max(map(int, state.split(":")[1:3]))
