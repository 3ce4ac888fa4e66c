"""Change inputs in whole elements, words, lines and numbers, so that they stay similar to real documents."""

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
MAX_MOVED_PIECES = 60  # at once


def change(data: bytes, style: str, max_bytes: int, seed: int) -> bytes:
    """Apply one to four changes of a style to an input, and cut the result at `max_bytes`."""
    rng = Random(seed)
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = rng.choice(_CHANGES)(data, style, rng)
    return data[:max_bytes]


def _split(data: bytes, style: str) -> list[bytes]:
    """Split an input into the pieces of a style; the pieces joined give the input."""
    return [p for p in _PIECES[style].split(data) if p]


def _choose_range(pieces: list[bytes], style: str, rng: Random) -> tuple[int, int]:
    """Choose a range of pieces: in markup often a complete element, otherwise a short run."""
    first = rng.randrange(len(pieces))
    if style == "markup" and (tag := _NAME.match(pieces[first])) and rng.random() < 0.8:
        return first, _element_end(pieces, first, tag[1])
    return first, min(len(pieces), first + rng.randint(1, rng.choice((1, 4, MAX_MOVED_PIECES))))


def _element_end(pieces: list[bytes], first: int, name: bytes) -> int:
    """Return the index after the element `name` that opens at `first`."""
    depth = 0
    for i in range(first, len(pieces)):
        if pieces[i].startswith(b"<" + name) and not pieces[i].endswith(b"/>"):
            depth += 1
        depth -= pieces[i].startswith(b"</" + name)
        if depth <= 0:
            return i + 1
    return first + 1


def _move_pieces(data: bytes, style: str, rng: Random) -> bytes:
    """Leave out some pieces, repeat them, copy them or move them."""
    pieces = _split(data, style)
    if not pieces:
        return data
    first, last = _choose_range(pieces, style, rng)
    moved_pieces, target = pieces[first:last], rng.randrange(len(pieces) + 1)
    action = rng.randrange(4)
    if action == 0:
        pieces[first:last] = []
    elif action == 1:
        pieces[first:first] = moved_pieces * rng.choice((1, 1, 2, 30))
    elif action == 2:
        pieces[target:target] = moved_pieces
    else:
        pieces[first:last], pieces[target:target] = [], moved_pieces
    return b"".join(pieces)


def _replace_number(data: bytes, _: str, rng: Random) -> bytes:
    """Replace a number by another one."""
    numbers = list(_NUMBER.finditer(data))
    if not numbers:
        return data
    number = rng.choice(numbers)
    return data[: number.start()] + rng.choice(NUMBERS).encode() + data[number.end() :]


def _insert_word(data: bytes, style: str, rng: Random) -> bytes:
    """Replace or extend a piece by a label, a number, a mark or a sentence."""
    pieces = _split(data, style)
    if not pieces:
        return data
    position = rng.randrange(len(pieces))
    word = rng.choice(rng.choice((labels(), NUMBERS, MARKS, examples()))).encode()
    pieces[position] = rng.choice((word, pieces[position] + word, word + pieces[position]))
    return b"".join(pieces)


_CHANGES: tuple[Callable[[bytes, str, Random], bytes], ...] = (
    _move_pieces,
    _move_pieces,
    _replace_number,
    _insert_word,
)
STYLES: Mapping[str, re.Pattern[bytes]] = _PIECES
