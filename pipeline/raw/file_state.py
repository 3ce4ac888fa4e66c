"""Which bytes a file has, without reading a hundred thousand files to see that one has changed.

A hash is believed while size, times and inode of the file are what they were, and only if the file had been left alone
for a while when it was read: within the grain of its clock a file may change and show the same times.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from pipeline.raw.scan_cache import DOUBTFUL, Block

GRAIN = 2_000_000_000  # nanoseconds; the coarsest clock of a file system in use (FAT)
_AT_ONCE = 2**16  # bytes
_State = str  # size, times of writing and of change, inode


class Seen:
    """The files below `raw` by their path there, each with its state; what `blocks` tell of an earlier run is
    believed of those whose state is the same. `links` are the paths of symbolic links, of folders too.
    """

    def __init__(self, raw: Path, blocks: Iterable[Block] = ()) -> None:
        self._raw = os.fspath(raw)
        self._known: dict[str, tuple[_State, str]] = {}
        self.believe(blocks)
        self.files: dict[str, _State] = {}
        self.links: set[str] = set()
        self._walk(self._raw, "")
        self._settled: set[str] = set()

    def believe(self, blocks: Iterable[Block]) -> None:
        """Take over what is told of these parts."""
        for block in blocks:
            self._known.update(block.known)

    def inside(self, path: str) -> bool:
        """Whether a path leads to a place below `raw`, links followed."""
        if path in self.files and path not in self.links:
            return True  # no folder on the way is a link, for those are not gone into
        return os.path.realpath(f"{self._raw}/{path}").startswith(os.path.realpath(self._raw) + os.sep)

    def sha256(self, path: str) -> str:
        """The hash of a file, '' where it cannot be read."""
        state = self.files.get(path, DOUBTFUL)
        known = self._known.get(path)
        if known and known[0] == state != DOUBTFUL:
            return known[1]
        begun = time.time_ns()
        found = sha256(f"{self._raw}/{path}")
        if found and state != DOUBTFUL and max(map(int, state.split(":")[1:3])) + GRAIN < begun:
            self._settled.add(path)
        return found

    def state(self, path: str) -> str:
        """The state in which the hash that was given for a file may be believed, DOUBTFUL where it may not."""
        state, known = self.files.get(path, DOUBTFUL), self._known.get(path)
        return state if path in self._settled or (known and known[0] == state) else DOUBTFUL

    @property
    def settled(self) -> int:
        """How many hashes are new and may be believed."""
        return len(self._settled)

    def _walk(self, folder: str, above: str) -> None:
        """Note every file below a folder, but those of editors and of the system."""
        with os.scandir(folder) as found:
            for entry in found:
                name = entry.name
                if entry.is_symlink():
                    self.links.add(above + name)
                if entry.is_dir(follow_symlinks=False):
                    self._walk(entry.path, f"{above}{name}/")
                elif name[0] != "." and name[:2] != "~$" and (state := _state(entry)):
                    self.files[above + name] = state


def sha256(path: str | Path) -> str:
    """SHA-256 of a file, '' where it cannot be read, or is no file but a device or a pipe, which might never end."""
    try:
        if not os.path.isfile(path):  # noqa: PTH113 (as below)
            return ""
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (a Path for each of very many takes longer)
            found = hashlib.sha256()
            while content := file.read(_AT_ONCE):  # and so does a buffer of that size, which no file needs
                found.update(content)
            return found.hexdigest()
    except OSError:
        return ""


def _state(entry: os.DirEntry[str]) -> _State | None:
    """None for what is no file, or a link that leads round or nowhere."""
    try:
        told = entry.stat()
    except OSError:
        return None
    if not stat.S_ISREG(told.st_mode):
        return None
    return f"{told.st_size}:{told.st_mtime_ns}:{told.st_ctime_ns}:{told.st_ino}"
