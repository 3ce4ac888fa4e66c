"""Build tables from ruling lines: lines that touch form a lattice, and an area that no line divides is one cell.

A lattice has column edges (x) and row edges (y); a place is one of its columns in one of its rows. All lengths are in
points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.core.model import DataFault
from pipeline.read.layout.page import Box, Field, Table

# Points.
MAX_SAME_LINE_GAP = 3.5  # between lines that count as one: double rules, or both edges of a thick line
MAX_TOUCH_GAP = 3.0  # between lines that touch
MIN_RULE_LENGTH = 5.0  # a shorter stroke is part of a drawing
MAX_PAIRS, MAX_PLACES = 4_000_000, 40_000  # pairs of a horizontal and a vertical line; places of one table

WallSet = set[tuple[int, int]]  # (edge, place along it) at which a ruling line divides two places


class Rule(NamedTuple):
    """A horizontal line at y = `at` or a vertical one at x = `at`, from `start` to `end`, in points."""

    at: float
    start: float
    end: float


def build_tables(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> list[Table]:
    """Return the tables that the lines form, from top to bottom, with empty cells.

    A frame around a single cell is not a table. Raises DataFault for a drawing of too many lines.
    """
    horizontal, vertical = _merge_pieces(horizontal), _merge_pieces(vertical)
    if len(horizontal) * len(vertical) > MAX_PAIRS:
        raise DataFault("read.too_many_lines")
    groups = _group_connected(horizontal, vertical)
    tables = [table for h, v in groups if (table := _build_table(h, v)) is not None]
    return sorted(tables, key=lambda t: (t.box.top, t.box.x0))


def _merge_pieces(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules with the pieces of one line merged, whether it is dashed or drawn cell by cell."""
    pieces_by_edge: dict[float, list[Rule]] = {}
    edges = _merge_edges(r.at for r in rules)
    for rule in rules:
        pieces_by_edge.setdefault(edges[find_nearest(edges, rule.at)], []).append(rule)
    merged_rules: list[Rule] = []
    for at, pieces in pieces_by_edge.items():
        start, end = min(pieces, key=lambda r: r.start)[1:]
        for piece in sorted(pieces, key=lambda r: r.start):
            if piece.start > end + MAX_TOUCH_GAP:
                merged_rules.append(Rule(at, start, end))
                start, end = piece.start, piece.end
            end = max(end, piece.end)
        merged_rules.append(Rule(at, start, end))
    return [r for r in merged_rules if r.end - r.start >= MIN_RULE_LENGTH]


def _merge_edges(values: Iterator[float]) -> list[float]:
    """Return the distinct edges among the values, ascending.

    Values within `MAX_SAME_LINE_GAP` of the first of their run are one edge, at their mean.
    """
    runs: list[list[float]] = []
    for value in sorted(values):
        if runs and value - runs[-1][0] <= MAX_SAME_LINE_GAP:
            runs[-1].append(value)
        else:
            runs.append([value])
    return [sum(run) / len(run) for run in runs]


def find_nearest(edges: Sequence[float], value: float) -> int:
    """Return the index of the edge nearest to the value; `edges` is ascending and not empty."""
    after = min(bisect_right(edges, value), len(edges) - 1)
    return after - 1 if after and value - edges[after - 1] <= edges[after] - value else after


def _group_connected(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return the groups of lines that cross or touch, each as (horizontal, vertical); by union-find."""
    parent = list(range(len(horizontal) + len(vertical)))

    def find_root(i: int) -> int:
        """Return the line that represents the group of line `i`, and shorten the way to it."""
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    gap = MAX_TOUCH_GAP
    for i, h in enumerate(horizontal):
        for j, v in enumerate(vertical, start=len(horizontal)):
            if h.start - gap <= v.at <= h.end + gap and v.start - gap <= h.at <= v.end + gap:
                parent[find_root(i)] = find_root(j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate([*horizontal, *vertical]):
        groups.setdefault(find_root(i), ([], []))[i >= len(horizontal)].append(rule)
    return list(groups.values())


def _build_table(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> Table | None:
    """Return the table of one group of connected lines, None if they do not divide anything.

    The ends of lines are edges too, because many tables are open at their sides. Raises DataFault for more than
    `MAX_PLACES` places.
    """
    if not horizontal or not vertical:
        return None
    xs = _merge_edges(iter([*(v.at for v in vertical), *(end for h in horizontal for end in (h.start, h.end))]))
    ys = _merge_edges(iter([*(h.at for h in horizontal), *(end for v in vertical for end in (v.start, v.end))]))
    place_count = (len(xs) - 1) * (len(ys) - 1)
    if place_count > MAX_PLACES:
        raise DataFault("read.too_many_lines")
    if place_count < 2:
        return None
    fields = tuple(_divide_into_fields(xs, ys, _find_walls(xs, ys, vertical), _find_walls(ys, xs, horizontal)))
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    return Table(box, tuple(xs), tuple(ys), fields) if len(fields) > 1 else None


def _find_walls(edges: Sequence[float], cross_edges: Sequence[float], rules: Sequence[Rule]) -> WallSet:
    """Return the (edge, place) pairs at which a rule lies; it must pass the middle of the place.

    `edges` runs across the rules. `cross_edges` runs along them and bounds the places.
    """
    middles = [(a + b) / 2 for a, b in pairwise(cross_edges)]
    return {
        (find_nearest(edges, rule.at), place)
        for rule in rules
        for place, middle in enumerate(middles)
        if rule.start <= middle <= rule.end
    }


def _divide_into_fields(
    xs: Sequence[float], ys: Sequence[float], vertical_walls: WallSet, horizontal_walls: WallSet
) -> Iterator[Field]:
    """Yield the cells: each free place is extended to the right and then down, as far as no wall divides it."""
    used_places: set[tuple[int, int]] = set()
    width, height = len(xs) - 1, len(ys) - 1
    for top in range(height):
        for left in range(width):
            if (left, top) in used_places:
                continue
            right = left + 1
            while right < width and (right, top) not in vertical_walls and (right, top) not in used_places:
                right += 1
            bottom = top + 1
            while bottom < height and _is_undivided(range(left, right), bottom, vertical_walls, horizontal_walls):
                bottom += 1
            used_places |= {(c, r) for c in range(left, right) for r in range(top, bottom)}
            box = Box(xs[left], ys[top], xs[right], ys[bottom])
            yield Field(box, top, left, bottom - top, right - left)


def _is_undivided(columns: range, row: int, vertical_walls: WallSet, horizontal_walls: WallSet) -> bool:
    """Return whether no wall divides the columns of a row from each other, or from the row above."""
    return all((row, c) not in horizontal_walls for c in columns) and all(
        (c, row) not in vertical_walls for c in columns[1:]
    )
