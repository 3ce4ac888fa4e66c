"""Leave the parts of something else unread: a part counts only next to its total or to other parts of it.

发现不合格网站3家，其中市直部门2家 gives two of the three that failed, not the websites of departments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.core.kind import Kind
from pipeline.extract.kind.readings import SENTENCE, Reading
from pipeline.extract.kind.unread import counted

_WHOLE_SENTENCE = re.compile("[^。!?]+")
_CHANGE = re.compile("(?:减少|增加|下降|上升|增长)了?$")  # before a number that has no parts
_GOES_ON = re.compile("[^,。;]{0,10}、")  # after a number of an enumeration
_CONTINUED = re.compile("其中|包括|包含|分别|按")  # begins a sentence on the parts of the one before
_PARTS_FOLLOW = re.compile(r"其中|包括|包含|分别|\(")  # between a number and its parts


class _Counted:
    """The families that the numbers of a sentence have counted so far; '' is a number in no enumeration.

    A family is a name for the totals and parts of the enumerations that share a total.
    """

    def __init__(self, kind: Kind, before: str) -> None:
        """Begin a sentence; `before` is what the sentence before it counts: the family of its first number."""
        self._families, self._parts = _families(kind), {part for listing in kind.listings for part in listing.parts}
        self._last = before
        self._is_of_part = False
        self.first: str | None = None
        self.part = ""  # the address of the last number, if it is a part

    def admits(self, address: str) -> bool:
        """Return whether a number is what it was read as: a part of the last total, or a count of all."""
        family = self._family(address)
        return family == self._last if address in self._parts else bool(family) or not self._is_of_part

    def add(self, address: str) -> None:
        """Add a number that was read at an address, '' for one that was not: then the next ones may be parts of it."""
        self._last = self._family(address)
        self.part = address if address in self._parts else ""
        if self.first is None:
            self.first, self._is_of_part = self._last, not address or address in self._parts
        elif self._last and address not in self._parts:
            self._is_of_part = False

    def _family(self, address: str) -> str:
        """Return the family of an address, or of its row in another column, such as the inspections by regions."""
        row = address.rpartition("/")[0]
        same_row = (own for own in self._families if row and own.rpartition("/")[0] == row)
        return self._families.get(address) or next((self._families[own] for own in same_row), "")


def keep_parts_of_totals(text: str, readings: Sequence[Reading], kind: Kind, before: str) -> tuple[list[Reading], str]:
    """Return the readings of a paragraph without the parts of something else, and what its last sentence counts.

    `before` is what the last sentence of the paragraph before counts.
    """
    rates = {ratio.rate for ratio in kind.ratios}
    counts: dict[int, list[Reading]] = {}
    for reading in readings:
        if not reading.is_zero and reading.address not in rates:
            counts.setdefault(reading.start, []).append(reading)
    kept = [reading for reading in readings if reading.is_zero or reading.address in rates]
    for span in SENTENCE.finditer(text):
        is_continued = text[span.start() - 1 : span.start()] == ";" or bool(_CONTINUED.match(span.group()))
        so_far, unread_end = _Counted(kind, before if is_continued else ""), None
        for start, end, read_as in _numbers(text, span.span(), counts, kind):
            if unread_end is not None and _PARTS_FOLLOW.search(text, unread_end, start):
                so_far.add("")
            unread_end = None
            admitted = [reading for reading in read_as if so_far.admits(reading.address)]
            if so_far.part and not admitted:  # 微博38个，合格38个
                kept += [replace(reading, address=_outcome_of(so_far.part, reading.address)) for reading in read_as]
                continue
            if admitted:
                kept += admitted
                for reading in admitted:
                    so_far.add(reading.address)
            elif so_far.first is not None:  # one among others: its parts, if they follow, are parts of it
                unread_end = end
            elif not _GOES_ON.match(text, end):
                so_far.add("")
        before = before if so_far.first is None else so_far.first
    return _with_outcomes_of_parts(text, sorted(kept, key=lambda reading: reading.start), kind), before


def _with_outcomes_of_parts(text: str, readings: Sequence[Reading], kind: Kind) -> list[Reading]:
    """Return the readings with the outcomes of each part: 微信公众号121个，合格118个；微博38个，合格38个.

    An outcome between two parts of one total is that of the first part. Then the last part has its own, too. It is left
    out if the form has no row for it: the row of the part, a dot, and the last word of the outcome's own row.
    """
    parts, families = {part for listing in kind.listings for part in listing.parts}, _families(kind)
    changed: dict[Reading, str] = {}
    for span in _WHOLE_SENTENCE.finditer(text):
        since: dict[Reading, str] = {}  # outcomes since the last part, with their address
        last, is_by_part = "", False
        for reading in (reading for reading in readings if span.start() <= reading.start < span.end()):
            if reading.address in parts:
                is_by_part = is_by_part or bool(since and families[last] == families[reading.address])
                changed |= since if is_by_part else {}
                last, since = reading.address, {}
            elif last and families.get(reading.address) == families[last]:
                last, since = "", {}
            elif last:
                since[reading] = _outcome_of(last, reading.address)
        changed |= since if is_by_part else {}
    known = frozenset(kind.form.addresses())
    addressed = (replace(reading, address=changed.get(reading, reading.address)) for reading in readings)
    return [reading for reading in addressed if reading.address in known]


def _outcome_of(part: str, outcome: str) -> str:
    """Return the address of an outcome of a part: of new_media.wechat and new_media.passed, new_media.wechat.passed."""
    table, row, column = part.split("/")
    return f"{table}/{row}.{outcome.split('/')[1].rpartition('.')[2]}/{column}"


def _numbers(
    text: str, span: tuple[int, int], readings: Mapping[int, Sequence[Reading]], kind: Kind
) -> Iterator[tuple[int, int, Sequence[Reading]]]:
    """Yield the offsets of each counted number of a sentence, rates left out, and its readings, if it has any."""
    found: dict[int, tuple[int, Sequence[Reading]]] = {}
    for match in counted(kind).finditer(text, *span):
        if not match.group().endswith("%") and not _CHANGE.search(text[: match.start()]):
            found[match.start()] = (match.end(), ())
    for start in readings.keys() & range(*span):
        found[start] = (readings[start][0].end, readings[start])
    yield from ((start, *found[start]) for start in sorted(found))


@lru_cache(maxsize=64)
def _families(kind: Kind) -> Mapping[str, str]:
    """Return the family of each address that is in an enumeration."""
    families: dict[str, str] = {}
    for listing in kind.listings:
        members = (*listing.totals, *listing.parts)
        known = {families[address] for address in members if address in families} | {members[0]}
        families |= {address: min(known) for address, family in families.items() if family in known}
        families |= dict.fromkeys(members, min(known))
    return families
