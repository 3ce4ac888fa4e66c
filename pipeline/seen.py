"""Which bytes a file had when it was last looked at, so that a run need not read a hundred thousand files to see that
one has changed.

A hash is believed while size, times and inode of the file are what they were, and only if the file had been left alone
for a while when it was read: within the grain of its clock a file may change and show the same times.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

GRAIN = 2_000_000_000  # nanoseconds; the coarsest clock of a file system in use (FAT)
A_LITTLE = 1000  # one in so many
_State = str  # size, times of writing and of change, inode


class Seen:
    """The hashes of the files below `raw` by their path there, kept in the file `memory`, if one is given."""

    def __init__(self, raw: Path, memory: Path | None = None) -> None:
        self._raw, self._memory = os.fspath(raw), memory
        self._known = dict(_remembered(memory)) if memory else {}
        self.files: dict[str, _State] = {}
        self._links: set[str] = set()
        self._walk(self._raw, "")
        self._kept: dict[str, tuple[_State, str]] = {}
        self._fresh = 0

    def inside(self, path: str) -> bool:
        """Whether a path leads to a place below `raw`, links followed."""
        if path in self.files and path not in self._links:
            return True  # no folder on the way is a link, for those are not gone into
        return os.path.realpath(f"{self._raw}/{path}").startswith(os.path.realpath(self._raw) + os.sep)

    def sha256(self, path: str) -> str:
        """The hash of a file, '' where it cannot be read."""
        state = self.files.get(path)
        known = self._known.get(path)
        if known and known[0] == state:
            self._kept[path] = known
            return known[1]
        begun = time.time_ns()
        found = sha256(f"{self._raw}/{path}")
        if state and found and max(map(int, state.split(":")[1:3])) + GRAIN < begun:
            self._kept[path] = state, found
            self._fresh += 1
        return found

    def remember(self) -> None:
        """Write down what was asked for, if more than a little of it is new: to read a few files again takes less. That
        it cannot be written costs time only: a run says so by its own files.
        """
        if self._memory is None or self._fresh * A_LITTLE <= len(self._kept):
            return
        lines = (f"{found} {state} {path}\n" for path, (state, found) in sorted(self._kept.items()))
        beside = self._memory.with_name(f"{self._memory.name}.new")
        try:
            beside.write_text("".join(lines), encoding="utf-8", newline="\n")
            beside.replace(self._memory)
        except OSError:
            beside.unlink(missing_ok=True)

    def _walk(self, folder: str, above: str) -> None:
        """Note every file below a folder, but those of editors and of the system."""
        with os.scandir(folder) as found:
            for entry in found:
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    self._walk(entry.path, f"{above}{name}/")
                elif name[0] != "." and name[:2] != "~$" and (state := _state(entry)):
                    self.files[above + name] = state
                    if entry.is_symlink():
                        self._links.add(above + name)


def sha256(path: str | Path) -> str:
    """SHA-256 of a file, '' where it cannot be read, or is no file but a device or a pipe, which might never end."""
    try:
        if not os.path.isfile(path):  # noqa: PTH113 (as below)
            return ""
        with open(path, "rb") as file:  # noqa: PTH123 (a Path for each of very many files takes longer than the file)
            return hashlib.file_digest(file, "sha256").hexdigest()
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


def _remembered(memory: Path) -> Iterator[tuple[str, tuple[_State, str]]]:
    """What was written down; a line that is not whole is nothing."""
    try:
        lines = memory.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return
    for line in lines:
        try:
            found, state, path = line.split(" ", 2)
        except ValueError:
            continue
        if len(found) == 64:
            yield path, (state, found)
