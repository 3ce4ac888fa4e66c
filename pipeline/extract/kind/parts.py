"""Leave the parts of something else unread: a part counts only next to its total or to other parts of it.

发现不合格网站3家，其中市直部门2家 gives two of the three that failed, not the websites of departments.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.core.kind import Kind
from pipeline.extract.kind.carried import Carried
from pipeline.extract.kind.families import families_of, outcome_families, parts_of, without_measure
from pipeline.extract.kind.outcomes import outcome_of, place_outcomes
from pipeline.extract.kind.readings import SENTENCE, Reading
from pipeline.extract.kind.unread import counted

_CHANGE = re.compile("(?:减少|增加|下降|上升|增长)了?$")  # before a number that has no parts
_GOES_ON = re.compile("[^,。;]{0,10}、")  # after a number of an enumeration
# Begins a sentence on the parts of the one before.
_CONTINUED = re.compile("其中|包括|包含|分别|按|从[^,。;0-9]{1,8}看|[^,。;0-9]{1,14}中,")
_PARTS_FOLLOW = re.compile(r"其中|包括|包含|分别|\((?=[^()]*\d)")  # between a number and its parts


class _Counted:
    """The families that the numbers of a sentence have counted so far; '' is a number in no enumeration."""

    def __init__(self, kind: Kind, before: frozenset[str], *, is_said: bool) -> None:
        """Begin a sentence; `before` has the families whose parts it may go on with, `is_said` by a word like 其中."""
        self._is_said = is_said
        self._families, self._parts, self._outcomes = families_of(kind), parts_of(kind), outcome_families(kind)
        self._last = self._before = before
        self._is_of_part = False
        self._totals: defaultdict[str, frozenset[Decimal]] = defaultdict(frozenset)
        self._usual: frozenset[str] | None = None  # its first number's family, and all that are no outcomes
        self._part = ""  # the address of the last part, if only its outcomes followed
        self._in_a_row = 0  # parts without an outcome of their own

    def take(self, read_as: Sequence[Reading]) -> list[Reading]:
        """Return the readings of a number that count, and add them; an outcome after a part is that of the part."""
        read_as = list(dict.fromkeys(map(self._as_next_part, read_as)))
        admitted = [reading for reading in read_as if self._admits(reading.address)]
        for reading in admitted:
            self.add(reading.address, reading.value)
        if admitted or not self._part:
            return admitted
        outcomes = [outcome_of(self._part, reading) for reading in read_as if reading.address not in self._parts]
        self._in_a_row = 0 if outcomes else self._in_a_row
        return outcomes

    def _as_next_part(self, reading: Reading) -> Reading:
        """Return a part of an outcome as the next part if the one before has its own: 市直20家，不合格1家，县区19家."""
        next_part = without_measure(reading.address)
        is_next = self._part and not self._in_a_row and self._families.get(next_part) == self._families[self._part]
        return replace(reading, address=next_part) if is_next else reading

    def _admits(self, address: str) -> bool:
        """Return whether a number is what it was read as: a part of the last total, or a count of all."""
        family = self._family(address)
        if address in self._parts:
            return family in self._last or (self._is_of_part and family in self._before)
        if not self._is_of_part:
            return True
        # After several parts it is an outcome of all of them; after one, or one that was not read, that of the part.
        is_of_last = bool(self._before) and (bool(self._part) or self._is_said)
        return self._in_a_row > 1 or (bool(family) and not is_of_last)

    def add(self, address: str, value: Decimal) -> None:
        """Add a number that was read at an address, '' for one that was not: then the next ones may be parts of it."""
        family = self._family(address)
        self._last = frozenset({family})
        self._part = address if address in self._parts else ""
        self._in_a_row = self._in_a_row + 1 if self._part else 0
        if self._usual is None:
            self._usual, self._is_of_part = self._last, True
        elif family and address not in self._parts:
            self._usual |= self._last - self._outcomes
        self._is_of_part = self._is_of_part and (not address or address in self._parts)
        if family and address not in self._parts:
            self._totals[family] |= {value}

    @property
    def has_number(self) -> bool:
        """Whether a number was added."""
        return self._usual is not None

    def carried(self, before: Carried) -> Carried:
        """Return what the sentence counts; `before` if it counts nothing, or only goes on with the parts of that."""
        goes_on = self._before and not self._totals
        return before if self._usual is None or goes_on else Carried(self._totals, self._usual)

    def _family(self, address: str) -> str:
        """Return the family of an address, or of its row in another column, such as the inspections by regions."""
        row = address.rpartition("/")[0]
        same_row = (own for own in self._families if row and own.rpartition("/")[0] == row)
        return self._families.get(address) or next((self._families[own] for own in same_row), "")


def keep_parts_of_totals(
    text: str, readings: Sequence[Reading], kind: Kind, before: Carried
) -> tuple[list[Reading], Carried]:
    """Return the readings of a paragraph without the parts of something else, and what its last sentence counts.

    `before` is what the last sentence of the paragraph before counts.
    """
    rates = {ratio.rate for ratio in kind.ratios}
    counts: dict[int, list[Reading]] = {}
    for reading in readings:
        if not reading.is_zero and reading.address not in rates:
            counts.setdefault(reading.start, []).append(reading)
    kept = [reading for reading in readings if reading.is_zero or reading.address in rates]
    is_said = False
    for span in SENTENCE.finditer(text):
        goes_on = text[span.start() - 1 : span.start()] == ";"
        is_said = bool(_CONTINUED.match(span.group())) or (goes_on and is_said)
        is_continued = goes_on or is_said
        numbers = list(_numbers(text, span.span(), counts, kind))
        own = (reading for _, _, read_as in numbers for reading in read_as)
        families = before.families(own, kind) if is_continued else frozenset[str]()
        so_far, unread_end = _Counted(kind, families, is_said=is_said), None
        for start, end, read_as in numbers:
            if unread_end is not None and _PARTS_FOLLOW.search(text, unread_end, start):
                so_far.add("", Decimal(0))
            unread_end = None
            if taken := so_far.take(read_as):
                kept += taken
            elif so_far.has_number:  # one among others: its parts, if they follow, are parts of it
                unread_end = end
            elif not _GOES_ON.match(text, end):
                so_far.add("", Decimal(0))
        before = so_far.carried(before)
    return place_outcomes(text, sorted(kept, key=lambda reading: reading.start), kind), before


def _numbers(
    text: str, span: tuple[int, int], readings: Mapping[int, Sequence[Reading]], kind: Kind
) -> Iterator[tuple[int, int, Sequence[Reading]]]:
    """Yield the offsets of each counted number of a sentence, rates left out, and its readings, if it has any."""
    found: dict[int, tuple[int, Sequence[Reading]]] = {}
    for match in counted(kind).finditer(text, *span):
        if not match.group().endswith("%") and not _CHANGE.search(text, max(0, match.start() - 3), match.start()):
            found[match.start()] = (match.end(), ())
    for start in readings.keys() & range(*span):
        found[start] = (readings[start][0].end, readings[start])
    yield from ((start, *found[start]) for start in sorted(found))
