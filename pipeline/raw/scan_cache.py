"""What a run found in `data/raw`, part by part, written down for the next: `data/.seen`.

It saves time and decides nothing: without it, or with one that is damaged, the same is found by looking at everything.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

APART = "\0"  # stands in no path; a part of which a line has it is looked at again
DOUBTFUL = ""  # the state of a file that may have changed unnoticed, and the digest of a part that is looked at again


class Block(NamedTuple):
    """A part: its digest; its lines of the manifest; the paths of its files, the state each was in, and its hash. Each
    of the four is one text, joined by `APART`, for there are very many, and hardly one is looked at.
    """

    stem: str
    digest: str
    lines: str
    paths: str
    states: str
    hashes: str

    @property
    def known(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """The path of each file, and its state and hash."""
        paths, states, hashes = (text.split(APART) for text in (self.paths, self.states, self.hashes))
        return zip(paths, zip(states, hashes, strict=True), strict=True)


@dataclass(frozen=True)
class Remembered:
    """All parts, and the `key` of all else that their digests follow from."""

    key: str = ""
    blocks: tuple[Block, ...] = ()


def recall(path: Path) -> Remembered:
    """What was written down; nothing where it is not whole."""
    try:
        check, _, content = path.read_bytes().partition(b"\n")
        if int(check) != zlib.crc32(content):
            return Remembered()
        key, _, blocks = content.partition(b"\n")
        return Remembered(key.decode(), tuple(_blocks(blocks)))
    except (OSError, ValueError):
        return Remembered()


def _blocks(content: bytes) -> Iterator[Block]:
    """Before each block stands how many bytes its texts have."""
    at = 0
    while at < len(content):
        begun = content.index(b"\n", at) + 1
        ends = list(accumulate(map(int, content[at:begun].split()), initial=begun))
        yield Block(*(content[a:b].decode("utf-8", "surrogateescape") for a, b in pairwise(ends)))
        at = ends[-1]


def write_down(path: Path, key: str, blocks: Iterable[Block]) -> None:
    """Replace what was written down. That it cannot be costs time only: a run says so by its own files."""
    content = [f"{key}\n".encode()]
    for block in blocks:
        texts = [text.encode("utf-8", "surrogateescape") for text in block]
        content += [" ".join(str(len(text)) for text in texts).encode(), b"\n", *texts]
    whole = b"".join(content)
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.write_bytes(b"%d\n" % zlib.crc32(whole) + whole)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
