"""Parts: a snapshot is cut by report year and province (the first two digits of GB/T 2260), a file a table and part.

What is published of a part follows from its reports and those of the same province in the year before, so a changed
report makes two parts anew, however many there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.core.decisions import Decision
from pipeline.core.model import Entry, Source
from pipeline.registry.load import Body, Register

NOWHERE = "00"  # the province of a report whose manifest line is not understood


@dataclass(frozen=True, order=True)
class Part:
    """A report year and a province; `stem` begins the names of its files."""

    year: int
    province: str

    @property
    def stem(self) -> str:
        """`2019-41`."""
        return f"{self.year}-{self.province}"

    @property
    def before(self) -> Part:
        """The same province a year earlier."""
        return Part(self.year - 1, self.province)

    @property
    def after(self) -> Part:
        """The same province a year later."""
        return Part(self.year + 1, self.province)


@dataclass(frozen=True)
class Share:
    """What belongs to a part: its entries by path, and the decisions on them. `alone` are the entries that are their
    body's only one of the year; two must be judged together.
    """

    entries: tuple[Entry, ...]
    decisions: tuple[Decision, ...]
    alone: frozenset[str]

    @property
    def decided(self) -> str:
        """A hash of the decisions."""
        return _hash(repr(d) for d in self.decisions)

    @property
    def digest(self) -> str:
        """A hash of all that belongs to the part."""
        lines = ("\x1f".join(map(str, e.source)) + repr(e.fault) for e in self.entries)
        return _hash([*lines, self.decided])


def divide(entries: Iterable[Entry], known: Register, decisions: Sequence[Decision]) -> dict[Part, Share]:
    """The entries and decisions by part, in order. A decision on what nobody reports belongs to none."""
    found: dict[Part, list[tuple[Entry, Body | None]]] = {}
    find = cache(known.find)  # a body reports for many years
    for entry in entries:
        body = find(entry.source.body)
        found.setdefault(part_of(entry.source, body), []).append((entry, body))
    by_place: dict[tuple[str, int], list[Decision]] = {}
    for decision in decisions:
        by_place.setdefault((decision.body_id, decision.year), []).append(decision)
    return {part: _share(found[part], by_place) for part in sorted(found)}


def part_of(source: Source, body: Body | None) -> Part:
    """The part of a report: by its registered body, else by what the manifest says."""
    code = body.region_code if body else source.region_code
    return _part(source.year, code[:2])


@cache
def _part(year: int, province: str) -> Part:
    return Part(year, province or NOWHERE)


def _share(found: Sequence[tuple[Entry, Body | None]], by_place: Mapping[tuple[str, int], Sequence[Decision]]) -> Share:
    here: dict[tuple[str, int], list[str]] = {}
    for entry, body in found:
        if body and entry.fault is None:
            here.setdefault((body.body_id, entry.source.year), []).append(entry.source.report_id)
    alone = frozenset(ids[0] for ids in here.values() if len(ids) == 1)
    places = {(body.body_id, entry.source.year) for entry, body in found if body} if by_place else set()
    decisions = tuple(d for place in sorted(places & by_place.keys()) for d in by_place[place])
    return Share(tuple(entry for entry, _ in found), decisions, alone)


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(f"{len(line)}\0{line}" for line in lines).encode()).hexdigest()
