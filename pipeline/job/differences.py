"""The differences of two reports of one body and period: cells, figures of prose, attributes, and lines of lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from pipeline.core.model import Extraction

Line = tuple[str, ...]  # the texts of a line of a list, in printed order


@dataclass(frozen=True)
class Difference:
    """A place that two reports print differently, with both printed texts; '' where a report does not have it.

    `place` is the address of a cell, the code of an attribute, or that of a list, whose texts are whole lines.
    """

    place: str
    before: str
    after: str


def compare_reports(before: Extraction, after: Extraction) -> tuple[Difference, ...]:
    """Return what differs: the cells and figures by value, in the order of the form of `after`, then the texts."""
    old, new = _printed(before), _printed(after)
    nothing = ("", None)
    cells = tuple(
        Difference(address, old.get(address, nothing)[0], new.get(address, nothing)[0])
        for address in dict.fromkeys([*new, *old])
        if old.get(address, nothing)[1] != new.get(address, nothing)[1]
    )
    return (*cells, *_compare_lists(_lists(before), _lists(after)))


def _printed(extraction: Extraction) -> Mapping[str, tuple[str, object]]:
    """Return the printed text and the content of each cell and each figure about the whole report, by address."""
    contents: dict[str, tuple[str, object]] = {
        c.address: (c.raw, c.value if c.value is not None else c.kind) for c in extraction.cells
    }
    for figure in extraction.figures:
        if figure.scope == "whole":
            contents[f"narrative/{figure.row}/value"] = figure.raw, figure.value
    return contents


def _lists(extraction: Extraction) -> Mapping[str, list[Line]]:
    """Return the lines of each list, by its code; an attribute is a list of one line."""
    lines: dict[tuple[str, int], list[str]] = {}
    for entry in extraction.entries:
        lines.setdefault((entry.table or entry.column, entry.line), []).append(entry.text)
    lists: dict[str, list[Line]] = {}
    for (code, _), texts in lines.items():
        lists.setdefault(code, []).append(tuple(texts))
    return lists


def _compare_lists(old: Mapping[str, list[Line]], new: Mapping[str, list[Line]]) -> Iterator[Difference]:
    """Yield the lines that only one report has, in order; their order in the lists does not matter.

    Lines that begin alike, such as two on one website, are one line that changed.
    """
    for code in dict.fromkeys([*new, *old]):
        before, after = old.get(code, []), new.get(code, [])
        gone, come = _by_beginning(_without(before, after)), _by_beginning(_without(after, before))
        for beginning in dict.fromkeys([*come, *gone]):
            pairs = zip_longest(gone.get(beginning, ()), come.get(beginning, ()), fillvalue=())
            yield from (Difference(code, " · ".join(was), " · ".join(now)) for was, now in pairs)


def _by_beginning(lines: list[Line]) -> Mapping[str, list[Line]]:
    """Return the lines by their first text; those of one text, such as attributes, belong together."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line[0] if len(line) > 1 else "", []).append(line)
    return found


def _without(lines: list[Line], others: list[Line]) -> list[Line]:
    """Return the lines that are left when each of the others has taken away one that is equal."""
    return list((Counter(lines) - Counter(others)).elements())
