"""The title of a document without one of its own: its first lines, up to the one that ends in 报告."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.core.model import Grid, Paragraph

MOST_LINES, LONGEST = 3, 40
_ENDS = ("报告", "報告")


def title_of(blocks: Iterable[Paragraph | Grid]) -> str:
    """The title that short opening lines make together, as offices set body and title on two lines; else ''."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Grid) or len(block.text) > LONGEST or len(lines) == MOST_LINES:
            return ""
        lines.append(block.text)
        if block.text.endswith(_ENDS):
            return "".join(lines)
    return ""
