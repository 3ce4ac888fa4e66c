"""Changes that keep an input near to what a program would write: whole elements, words, lines, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from fuzz.words import MARKS, NUMBERS, examples, labels

Change = Callable[[bytes, Random], bytes]
_PIECES = {
    "markup": re.compile(rb"(<[^<>]*>)"),
    "words": re.compile(rb"([\n\t ]+|\d[\d,.]*)"),
    "lines": re.compile(rb"([\n,;:\[\]{}()/ ]+)"),
}
_NAME = re.compile(rb"<([^\s<>/!?]+)")
_NUMBER = re.compile(rb"\d+")
LONGEST_MOVE = 60  # pieces moved at once


def change(data: bytes, style: str, most: int, seed: int) -> bytes:
    """The input after one to four changes of its style, no longer than `most` bytes."""
    chance = Random(seed)
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(_CHANGES)(data, style, chance)
    return data[:most]


def _split(data: bytes, style: str) -> list[bytes]:
    return [p for p in _PIECES[style].split(data) if p]


def _stretch(pieces: list[bytes], style: str, chance: Random) -> tuple[int, int]:
    """Some pieces: in markup often a whole element, else a short run."""
    first = chance.randrange(len(pieces))
    if style == "markup" and (found := _NAME.match(pieces[first])) and chance.random() < 0.8:
        return first, _end(pieces, first, found[1])
    return first, min(len(pieces), first + chance.randint(1, chance.choice((1, 4, LONGEST_MOVE))))


def _end(pieces: list[bytes], first: int, name: bytes) -> int:
    """Where the element that opens there is over."""
    depth = 0
    for i in range(first, len(pieces)):
        if pieces[i].startswith(b"<" + name) and not pieces[i].endswith(b"/>"):
            depth += 1
        depth -= pieces[i].startswith(b"</" + name)
        if depth <= 0:
            return i + 1
    return first + 1


def _moved(data: bytes, style: str, chance: Random) -> bytes:
    """Some pieces left out, doubled, or put elsewhere."""
    pieces = _split(data, style)
    if not pieces:
        return data
    first, last = _stretch(pieces, style, chance)
    taken, to = pieces[first:last], chance.randrange(len(pieces) + 1)
    how = chance.randrange(4)
    if how == 0:
        pieces[first:last] = []
    elif how == 1:
        pieces[first:first] = taken * chance.choice((1, 1, 2, 30))
    elif how == 2:
        pieces[to:to] = taken
    else:
        pieces[first:last], pieces[to:to] = [], taken
    return b"".join(pieces)


def _numbered(data: bytes, _: str, chance: Random) -> bytes:
    """A number made another one."""
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    place = chance.choice(found)
    return data[: place.start()] + chance.choice(NUMBERS).encode() + data[place.end() :]


def _worded(data: bytes, style: str, chance: Random) -> bytes:
    """A text made a label, a mark or a sentence."""
    pieces = _split(data, style)
    if not pieces:
        return data
    at = chance.randrange(len(pieces))
    word = chance.choice(chance.choice((labels(), NUMBERS, MARKS, examples()))).encode()
    pieces[at] = chance.choice((word, pieces[at] + word, word + pieces[at]))
    return b"".join(pieces)


_CHANGES: tuple[Callable[[bytes, str, Random], bytes], ...] = (_moved, _moved, _numbered, _worded)
STYLES: Mapping[str, re.Pattern[bytes]] = _PIECES
