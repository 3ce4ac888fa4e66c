"""Ruling lines to tables: lines that touch make a lattice, and what no line divides is one cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.core.model import DataFault
from pipeline.read.layout.page import Box, Field, Table

# Points. Lines this near are one line (double rules, both edges of a thick one); ends this near touch.
SAME, TOUCH = 3.5, 3.0
SHORTEST = 5.0  # a shorter stroke is part of a drawing
MAX_PAIRS, MAX_PLACES = 4_000_000, 40_000


class Rule(NamedTuple):
    """A horizontal line at y = `at` or a vertical one at x = `at`, from `start` to `end`."""

    at: float
    start: float
    end: float


def tables(across: Sequence[Rule], down: Sequence[Rule]) -> list[Table]:
    """The tables that horizontal and vertical lines make, from top to bottom, their cells still empty.

    A frame around a single cell is no table. Raises DataFault for a drawing of too many lines.
    """
    across, down = _merged(across), _merged(down)
    if len(across) * len(down) > MAX_PAIRS:
        raise DataFault("read.too_many_lines")
    groups = _connected(across, down)
    found = [t for h, v in groups if (t := _table(h, v)) is not None]
    return sorted(found, key=lambda t: (t.box.top, t.box.x0))


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Pieces of one line joined, be it dashed or drawn cell by cell."""
    lines: dict[float, list[Rule]] = {}
    places = _places(r.at for r in rules)
    for rule in rules:
        lines.setdefault(_nearest(places, rule.at), []).append(rule)
    joined: list[Rule] = []
    for at, pieces in lines.items():
        start, end = min(pieces, key=lambda r: r.start)[1:]
        for piece in sorted(pieces, key=lambda r: r.start):
            if piece.start > end + TOUCH:
                joined.append(Rule(at, start, end))
                start, end = piece.start, piece.end
            end = max(end, piece.end)
        joined.append(Rule(at, start, end))
    return [r for r in joined if r.end - r.start >= SHORTEST]


def _places(values: Iterator[float]) -> list[float]:
    """The distinct places among the values: those within SAME of the first of their run are one, at its mean."""
    runs: list[list[float]] = []
    for value in sorted(values):
        if runs and value - runs[-1][0] <= SAME:
            runs[-1].append(value)
        else:
            runs.append([value])
    return [sum(run) / len(run) for run in runs]


def _nearest(places: Sequence[float], value: float) -> float:
    return places[nearest(places, value)]


def nearest(places: Sequence[float], value: float) -> int:
    """The index of the place nearest to the value; `places` ascends and is not empty."""
    after = min(bisect_right(places, value), len(places) - 1)
    return after - 1 if after and value - places[after - 1] <= places[after] - value else after


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The groups of lines that cross or touch."""
    group = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for i, h in enumerate(across):
        for j, v in enumerate(down, start=len(across)):
            if h.start - TOUCH <= v.at <= h.end + TOUCH and v.start - TOUCH <= h.at <= v.end + TOUCH:
                group[root(i)] = root(j)
    parts: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate([*across, *down]):
        parts.setdefault(root(i), ([], []))[i >= len(across)].append(rule)
    return list(parts.values())


def _table(across: Sequence[Rule], down: Sequence[Rule]) -> Table | None:
    """The table of one group of lines. Where they end an edge is meant, as many tables have open sides."""
    if not across or not down:
        return None
    xs = _places(iter([*(v.at for v in down), *(e for h in across for e in (h.start, h.end))]))
    ys = _places(iter([*(h.at for h in across), *(e for v in down for e in (v.start, v.end))]))
    if (len(xs) - 1) * (len(ys) - 1) > MAX_PLACES:
        raise DataFault("read.too_many_lines")
    if (len(xs) - 1) * (len(ys) - 1) < 2:
        return None
    fields = tuple(_fields(xs, ys, _walls(xs, ys, down), _walls(ys, xs, across)))
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Table(box, tuple(xs), tuple(ys), fields) if len(fields) > 1 else None


def _walls(edges: Sequence[float], steps: Sequence[float], rules: Sequence[Rule]) -> set[tuple[int, int]]:
    """The (edge, step) places where a line stands; it must pass the middle of the step."""
    middles = [(a + b) / 2 for a, b in pairwise(steps)]
    return {
        (nearest(edges, rule.at), step)
        for rule in rules
        for step, middle in enumerate(middles)
        if rule.start <= middle <= rule.end
    }


def _fields(
    xs: Sequence[float], ys: Sequence[float], upright: set[tuple[int, int]], level: set[tuple[int, int]]
) -> Iterator[Field]:
    """Each place not yet taken is widened to the right and then down as far as no line stands in between."""
    taken: set[tuple[int, int]] = set()
    width, height = len(xs) - 1, len(ys) - 1
    for top in range(height):
        for left in range(width):
            if (left, top) in taken:
                continue
            right = left + 1
            while right < width and (right, top) not in upright and (right, top) not in taken:
                right += 1
            bottom = top + 1
            while bottom < height and _open(range(left, right), bottom, upright, level):
                bottom += 1
            taken |= {(c, r) for c in range(left, right) for r in range(top, bottom)}
            box = Box(xs[left], ys[top], xs[right], ys[bottom])
            yield Field(box, top, left, bottom - top, right - left)


def _open(columns: range, row: int, upright: set[tuple[int, int]], level: set[tuple[int, int]]) -> bool:
    """Whether nothing divides the columns of this row, from those above or from each other."""
    return all((row, c) not in level for c in columns) and all((c, row) not in upright for c in columns[1:])
