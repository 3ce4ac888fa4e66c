"""What a run found in `data/raw`, part by part, written down for the next: `data/.seen`.

It saves time and decides nothing: without it, or with one that is damaged, the same is found by looking at everything.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

DOUBTFUL = ""  # the state of a file that may have changed unnoticed, and the digest of a part that is looked at again


class Block(NamedTuple):
    """A part: its digest; its lines of the manifest; the paths of its files, the state each was in, and its hash."""

    stem: str
    digest: str
    lines: Sequence[str]
    paths: Sequence[str]
    states: Sequence[str]
    hashes: Sequence[str]


@dataclass(frozen=True)
class Remembered:
    """All parts, and the `key` of all else that their digests follow from."""

    key: str = ""
    blocks: tuple[Block, ...] = ()

    @cached_property
    def known(self) -> dict[str, tuple[str, str]]:
        """State and hash of each file."""
        return {
            path: (state, found)
            for b in self.blocks
            for path, state, found in zip(b.paths, b.states, b.hashes, strict=True)
        }


def recall(path: Path) -> Remembered:
    """What was written down; nothing where it is not whole."""
    try:
        check, _, content = path.read_bytes().partition(b"\n")
        if int(check) != zlib.crc32(content):
            return Remembered()
        key, *words = content.decode("utf-8", "surrogateescape").split("\0")
        return Remembered(key, tuple(_blocks(words)))
    except (OSError, ValueError):
        return Remembered()


def _blocks(words: Sequence[str]) -> Iterator[Block]:
    """A block is its stem and digest, how many lines and files it has, and these."""
    at = 0
    while at < len(words):
        lines, files = int(words[at + 2]), int(words[at + 3])
        ends = [at + 4 + lines + n * files for n in range(4)]
        columns = (words[a:b] for a, b in pairwise(ends))
        yield Block(words[at], words[at + 1], words[at + 4 : ends[0]], *columns)
        at = ends[-1]


def write_down(path: Path, key: str, blocks: Iterable[Block]) -> None:
    """Replace what was written down. That it cannot be costs time only: a run says so by its own files."""
    words = [key]
    for b in blocks:
        words += [b.stem, b.digest, str(len(b.lines)), str(len(b.paths)), *b.lines, *b.paths, *b.states, *b.hashes]
    content = "\0".join(words).encode("utf-8", "surrogateescape")
    if content.count(0) >= len(words):  # in a line of a manifest that is damaged, or worse
        return
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.write_bytes(b"%d\n" % zlib.crc32(content) + content)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
