"""Totals that the prose splits by body: each part becomes a figure of its total's row.

The total is the one read nearest before the list; where several stand in its sentence (收到3511件，收办3607件), the one
to which the parts add up. A list after a count that no phrase reads, or far from any total, splits nothing known.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.extract.narrative_bodies import Part, lists

SPLIT = ("disclosed.items", "applications.received", "applications.handled", "review.total", "litigation.total")
TOTALS = ("whole", "taken_up", "uncertain")
# Counts between total and list that are no rival totals: changes.
_CHANGE = re.compile(r"(?:增加|减少|增长|下降|上升|多|少)了?\d[\d,.]*万?[余多]?[件条起宗]")
_COUNT = re.compile(r"\d[\d,.]*万?[余多]?(?:件|条|起|宗)")
FARTHEST, REACH = 80, 300  # characters between total and list; before a list in which its total is looked for


@dataclass(frozen=True)
class Said:
    """A figure as read in a paragraph without spaces; `unit` is the character after its number."""

    row: str
    value: Decimal
    approximate: bool
    scope: str
    whose: str
    start: int
    end: int
    unit: str


def with_splits(text: str, said: Sequence[Said], before: str, said_before: Sequence[Said]) -> list[Said]:
    """The figures of a paragraph with those of its lists by body; `before` is the paragraph before it."""
    found = [parts for parts in lists(text) if said or said_before]
    if not found:
        return list(said)
    shift = len(before) + 1
    known = [*said_before, *(replace(s, start=s.start + shift, end=s.end + shift) for s in said)]
    known.sort(key=lambda s: s.end)
    ends, whole = [s.end for s in known], f"{before}。{text}"
    parts_said: list[Said] = []
    for parts in found:
        first = parts[0].start + shift
        near = known[bisect_left(ends, first - REACH) : bisect_right(ends, first)]
        total = _total(parts, whole, near, first)
        parts_said += _figures(parts, total) if total else ()
    read_twice = {s.end for s in parts_said}  # 其中市公安局收到申请12件 is a phrase and a part
    return [*(s for s in said if s.end not in read_twice), *parts_said]


def _figures(parts: Sequence[Part], total: Said) -> Iterator[Said]:
    scope = "body" if all(p.complete for p in parts) else "part"
    for p in parts:
        yield Said(total.row, p.value, p.approximate, scope, p.whose, p.start, p.end, p.unit)


def _total(parts: Sequence[Part], text: str, near: Sequence[Said], first: int) -> Said | None:
    """Which of the figures shortly before a list, which begins at `first`, it splits; None if that is not clear."""
    totals = [s for s in near if s.row in SPLIT]
    if not totals or not _adjoins(text[totals[-1].end : first], totals[-1].end, near, introduced=parts[0].introduced):
        return None
    sentence = text.rfind("。", max(0, first - REACH), totals[-1].end)
    rivals = [s for s in totals if s.start > sentence and s.scope in TOTALS and s.unit == parts[0].unit]
    if totals[-1] not in rivals:
        return None
    whole = sum(p.value for p in parts)
    return next((s for s in reversed(rivals) if s.value == whole), totals[-1])


def _adjoins(gap: str, start: int, near: Sequence[Said], *, introduced: bool) -> bool:
    """Whether nothing stands between total and list but words, what is said of the total, and what introduces it."""
    words = "".join(c for i, c in enumerate(gap[: 2 * REACH], start) if not any(s.start <= i < s.end for s in near))
    if "。" in words and not introduced:
        return False
    return len(words) <= FARTHEST and not _COUNT.search(_CHANGE.sub("", words))
