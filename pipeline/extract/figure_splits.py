"""Split totals of the prose by body: each count in a list of bodies becomes a figure of its total's row.

The total is the last one before the list. Where several are in the same sentence (收到3511件，收办3607件), it is the
one that equals the sum of the list. A list splits no total if it follows a count that no phrase reads, or is far from
any total.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.extract.figure_bodies import BodyCount, find_body_lists

SPLIT_ROWS = ("disclosed.items", "applications.received", "applications.handled", "review.total", "litigation.total")
TOTAL_SCOPES = ("whole", "taken_up", "uncertain", "sole", "channel")
# Counts between a total and its list: a change (增加5件) does not separate them, any other count does.
_CHANGE = re.compile(r"(?:增加|减少|增长|下降|上升|多|少)了?\d[\d,.]*万?[余多]?[件条起宗]")
_COUNT = re.compile(r"\d[\d,.]*万?[余多]?(?:件|条|起|宗)")
MAX_GAP_CHARS = 80  # characters of other words between a total and its list
SEARCH_CHARS = 300  # characters before a list in which its total is searched


@dataclass(frozen=True)
class PlacedFigure:
    """A figure with its offsets in a paragraph without spaces; `unit` is the character after its number.

    `named_body` is the other body that it counts for, '' for the report's own. `subject` is the named body whose figure
    it is where the report's own is unknown. `is_sum` means that the words call it a sum (共, 累计).
    """

    row: str
    value: Decimal
    approximate: bool
    scope: str
    named_body: str
    start: int
    end: int
    unit: str
    subject: str = ""
    is_sum: bool = False


def add_split_figures(
    text: str, figures: Sequence[PlacedFigure], previous_text: str, previous_figures: Sequence[PlacedFigure]
) -> list[PlacedFigure]:
    """Return the figures of a paragraph, and one for each count in its lists of bodies.

    The total of a list may be in the previous paragraph. Offsets are those of `text`.
    """
    body_lists = list(find_body_lists(text)) if figures or previous_figures else []
    if not body_lists:
        return list(figures)
    shift = len(previous_text) + 1
    totals = [*previous_figures, *(replace(f, start=f.start + shift, end=f.end + shift) for f in figures)]
    totals.sort(key=lambda f: f.end)
    ends, both_texts = [f.end for f in totals], f"{previous_text}。{text}"
    split_figures: list[PlacedFigure] = []
    for counts in body_lists:
        list_start = counts[0].start + shift
        nearby_figures = totals[bisect_left(ends, list_start - SEARCH_CHARS) : bisect_right(ends, list_start)]
        total = _find_total(counts, both_texts, nearby_figures, list_start)
        split_figures += _split(counts, total) if total else ()
    split_ends = {f.end for f in split_figures}  # 其中市公安局收到申请12件 matches a phrase and is in a list
    return [*(f for f in figures if f.end not in split_ends), *split_figures]


def _split(counts: Sequence[BodyCount], total: PlacedFigure) -> Iterator[PlacedFigure]:
    """Yield a figure of the total's row for each count; its scope is `body` only if the list is complete."""
    scope = "body" if all(count.is_complete for count in counts) else "part"
    for c in counts:
        yield PlacedFigure(total.row, c.value, c.approximate, scope, c.body, c.start, c.end, c.unit)


def _find_total(
    counts: Sequence[BodyCount], text: str, nearby_figures: Sequence[PlacedFigure], list_start: int
) -> PlacedFigure | None:
    """Return the figure that a list splits, None if that is unclear.

    `nearby_figures` holds the figures shortly before the list, which begins at offset `list_start` of `text`.
    """
    totals = [f for f in nearby_figures if f.row in SPLIT_ROWS]
    if not totals:
        return None
    gap = text[totals[-1].end : list_start]
    if not _is_adjoining(gap, totals[-1].end, nearby_figures, has_intro=counts[0].has_intro):
        return None
    sentence_start = text.rfind("。", max(0, list_start - SEARCH_CHARS), totals[-1].end)
    rivals = [f for f in totals if f.start > sentence_start and f.scope in TOTAL_SCOPES and f.unit == counts[0].unit]
    if totals[-1] not in rivals:
        return None
    total_value = sum(count.value for count in counts)
    return next((f for f in reversed(rivals) if f.value == total_value), totals[-1])


def _is_adjoining(gap: str, gap_start: int, figures: Sequence[PlacedFigure], *, has_intro: bool) -> bool:
    """Return whether the gap between a total and a list holds only few words, and no other count or sentence end.

    The text of figures does not count as words. A list with an introduction (其中) may begin a new sentence.
    """
    words = "".join(
        c for i, c in enumerate(gap[: 2 * SEARCH_CHARS], gap_start) if not any(f.start <= i < f.end for f in figures)
    )
    if "。" in words and not has_intro:
        return False
    return len(words) <= MAX_GAP_CHARS and not _COUNT.search(_CHANGE.sub("", words))
