"""Find the title of a document that declares none: its first lines, up to the one that ends in 报告."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.core.model import Grid, Paragraph

MAX_TITLE_LINES, MAX_LINE_CHARS = 3, 40
_TITLE_ENDS = ("报告", "報告")


def find_title(blocks: Iterable[Paragraph | Grid]) -> str:
    """Return the short opening paragraphs joined to a title, or '' if they do not form one.

    Offices often print the body on one line and 年度报告 on the next.
    """
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Grid) or len(block.text) > MAX_LINE_CHARS or len(lines) == MAX_TITLE_LINES:
            return ""
        lines.append(block.text.replace("\n", " "))
        if block.text.endswith(_TITLE_ENDS):
            return "".join(lines)
    return ""
