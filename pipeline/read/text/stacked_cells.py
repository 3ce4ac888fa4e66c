"""Split a stacked table (one cell per line) into cells: by bars between them, or by the gaps between lines.

A gap is the number of blank lines between two cells. A gap that is longer than usual contains blank cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.read.text.bar_tables import is_bar
from pipeline.read.text.lines import Line, has_list_number, is_single_value

GAP_CONFIDENCE = 0.6  # of a row with a gap that was read as a blank cell


@dataclass(frozen=True)
class StackedCell:
    """A cell of the stack. `is_row_break` marks a place at which the row ends instead of continuing.

    Such a place is a gap that fits no number of blank cells, or the end of a row between bars.
    """

    text: str
    page: int
    confidence: float = 1.0
    is_row_break: bool = False

    @property
    def is_label(self) -> bool:
        """Whether it is a text; values, marks for "none" and blanks are not."""
        return bool(self.text) and not is_single_value(self.text)


@dataclass(frozen=True)
class _Step:
    """A line with text, and the way to it from the line with text before it.

    `kind` is `vv`, `vl`, `lv` or `ll` for value or label before and at this line, '' for the first line. `gap` is the
    number of blank lines between. `has_page_break` is true if a page ended there.
    """

    kind: str
    gap: int
    has_page_break: bool
    line: Line


def split_by_bars(lines: Sequence[Line]) -> Iterator[StackedCell]:
    """Yield the cells between bars. Two bars on consecutive lines may end a row, if blank cells look different."""
    cells = list(_iterate_between_bars(lines))
    row_end_is_bare = _find_row_ends(cells)
    for cell, is_bare in cells:
        is_row_end = not cell.text and is_bare is row_end_is_bare
        yield StackedCell("", cell.page, is_row_break=True) if is_row_end else cell


def _iterate_between_bars(lines: Sequence[Line]) -> Iterator[tuple[StackedCell, bool]]:
    """Yield each cell, and whether it is bare: not even a blank line is between its bars."""
    parts: list[Line] = []
    is_bare = True
    for line in lines:
        if is_bar(line):
            yield StackedCell("".join(p.text.strip() for p in parts), parts[0].page if parts else line.page), is_bare
            parts, is_bare = [], True
            continue
        is_bare = False
        if not line.is_blank:
            if parts and (is_single_value(parts[-1].text) or is_single_value(line.text)):
                yield StackedCell(parts[0].text.strip(), parts[0].page), is_bare
                parts = []
            parts.append(line)
    if parts:
        yield StackedCell("".join(p.text.strip() for p in parts), parts[0].page), is_bare


def _find_row_ends(cells: Sequence[tuple[StackedCell, bool]]) -> bool | None:
    """Return which empty cells are row ends: the bare ones (True), the others (False), or unknown (None).

    The empty cells that are most frequent between a value and a label are row ends. It is unknown if all empty cells
    look the same.
    """
    empty_cell_looks = {is_bare for cell, is_bare in cells if not cell.text}
    looks_at_row_end = Counter(
        is_bare
        for (before, _), (cell, is_bare), (after, _) in zip(cells, cells[1:], cells[2:], strict=False)
        if not cell.text and is_single_value(before.text) and after.is_label
    )
    return looks_at_row_end.most_common(1)[0][0] if len(empty_cell_looks) == 2 and looks_at_row_end else None


def split_by_gaps(lines: Sequence[Line]) -> Iterator[StackedCell]:
    """Yield the cells, and blank cells where a gap is longer than usual.

    The usual gap is determined separately between two values, from value to label, and from label to value.
    """
    steps = list(_list_steps(lines))
    usual_gaps = {
        kind: find_mode(step.gap for step in steps if step.kind == kind and not step.has_page_break)
        for kind in ("vv", "vl", "lv")
    }
    value_gap = usual_gaps["vv"]
    parts: list[Line] = []
    for step in steps:
        line = step.line
        is_wrapped_label = step.kind == "ll" and step.gap < value_gap and not step.has_page_break
        if is_wrapped_label and parts and not has_list_number(line.text):
            parts.append(line)
            continue
        yield from _join_parts(parts)
        parts = [line]
        has_usual_gap = step.kind in usual_gaps and not step.has_page_break
        extra_gap = step.gap - usual_gaps[step.kind] if has_usual_gap else 0
        blank_count, rest = divmod(max(extra_gap, 0), value_gap + 1)
        yield from [StackedCell("", line.page, GAP_CONFIDENCE)] * blank_count
        if step.kind == "vv" and (rest or extra_gap < 0):
            yield StackedCell("", line.page, is_row_break=True)
    yield from _join_parts(parts)


def _list_steps(lines: Sequence[Line]) -> Iterator[_Step]:
    """Yield a step for each line that is not blank."""
    previous_kind, gap, has_page_break = "", 0, False
    for line in lines:
        has_page_break = has_page_break or line.is_after_break
        if line.is_blank:
            gap += 1
            continue
        current_kind = "v" if is_single_value(line.text) else "l"
        yield _Step(previous_kind + current_kind if previous_kind else "", gap, has_page_break, line)
        previous_kind, gap, has_page_break = current_kind, 0, False


def _join_parts(parts: Sequence[Line]) -> Iterator[StackedCell]:
    """Yield the lines of one cell as a cell, nothing if there are none."""
    if parts:
        yield StackedCell("".join(part.text.strip() for part in parts), parts[0].page)


def find_mode(numbers: Iterable[int]) -> int:
    """Return the most frequent number, the smallest of equally frequent ones; 0 without any."""
    counts = Counter(numbers)
    return max(sorted(counts), key=lambda number: counts[number]) if counts else 0
