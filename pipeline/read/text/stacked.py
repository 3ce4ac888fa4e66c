"""Tables that came apart into one cell a line.

A row is a label and the figures below it, up to the next text; nothing is counted off here, so a row that lost a blank
has too few figures and is left to become a finding. Blanks are seen between bars, or as gaps longer than the usual one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.core.model import Grid, GridCell
from pipeline.core.text import is_unit
from pipeline.read.text.lines import Line, doubtful_unit
from pipeline.read.text.pipes import is_bar
from pipeline.read.text.tokens import Token, between_bars, by_gaps, mode

FEWEST_BARS = 5  # bars alone on their lines that make them separators
FIRST = 2  # column of the first figure; the label stands in 0, a unit in 1
# How sure a figure is in a plain stack, in one out of joint, and under heads that print another money unit somewhere.
PLAIN, TORN, UNIT = 0.95, 0.6, 0.3
CORNERS = frozenset(("信息内容", "统计指标", "指标名称", "指标", "项目"))


@dataclass
class _Row:
    texts: list[Token] = field(default_factory=list)
    figures: list[Token] = field(default_factory=list)


def grid(lines: Sequence[Line]) -> Grid:
    """The rows of a stack of cells as a grid with guessed columns."""
    barred = sum(is_bar(line) for line in lines) >= FEWEST_BARS
    tokens = list(between_bars(lines) if barred else by_gaps(lines))
    cells: list[GridCell] = []
    rows = list(_rows(tokens))
    sure = 1.0 if barred else TORN if _torn(rows) else PLAIN
    top, doubt = 0, 1.0
    for row in rows:
        placed, doubt, top = _place(row, top, doubt, sure)
        cells += placed
    return Grid(tuple(cells), exact=False)


def _rows(tokens: Sequence[Token]) -> Iterator[_Row]:
    row = _Row()
    for token in tokens:
        if not any(f.text for f in row.figures) and token.label:
            # Blanks between two texts are the corner of a table or the end of a line, not figures.
            row.figures = []
        if row.figures and (token.label or token.lost):
            yield row
            row = _Row()
        if token.label:
            row.texts.append(token)
        elif not token.lost and (token.text or row.texts or row.figures):
            row.figures.append(token)
    yield row


def _torn(rows: Sequence[_Row]) -> bool:
    """Whether some figures stand in far longer runs than usual: labels and figures came apart."""
    runs = [len(row.figures) for row in rows if row.figures and not _repeats(row)]
    usual = mode(runs)
    return any(run >= 2 * usual > 2 for run in runs) or any(row.figures and not row.texts for row in rows)


def _repeats(row: _Row) -> bool:
    """Whether the last text stood in the run before: then all are heads of columns, over figures without a label."""
    texts = ["".join(t.text.split()) for t in row.texts]
    return len(texts) > 1 and texts[-1] in texts[:-1]


def _place(row: _Row, top: int, doubt: float, sure: float) -> tuple[list[GridCell], float, int]:
    """The cells of a row with the heads above its label, what is to be doubted from here on, and the next free line."""
    names = [t for t in row.texts if not is_unit(t.text)]
    cells: list[GridCell] = []
    first = FIRST
    if _repeats(row):
        cells = [GridCell(t.text, top, c, page=t.page) for c, t in enumerate(names)]
        first, top, names = len(names) + FIRST, top + 1, []
    elif len(names) > 1:
        cells, loose = _heads(names[:-1], len(row.figures), top)
        top += 1 + max(c.row for c in cells) - top
        doubt = UNIT if doubtful_unit(loose) else 1.0
    cells += [GridCell(t.text, top, 0, page=t.page) for t in names[-1:]]
    cells += [GridCell(t.text, top, 1, page=t.page) for t in row.texts if is_unit(t.text)][-1:]
    gaps = min((t.sure for t in row.figures), default=1.0)
    figures = enumerate(row.figures, start=first)
    cells += [GridCell(t.text, top, c, page=t.page, confidence=round(sure * gaps * doubt, 4)) for c, t in figures]
    return cells, doubt, top + 1


def _heads(heads: Sequence[Token], figures: int, top: int) -> tuple[list[GridCell], list[str]]:
    """The texts above a label: heads over their columns where each figure has one; the others, whose columns are not
    known, as one text of their line, so that nobody takes their order for that of the figures. And those others.
    """
    simple = _simple_head(heads, figures)
    loose = heads[: len(heads) - len(simple)]
    cells = [GridCell(" ".join(t.text for t in loose), top, 0, page=loose[0].page)] if loose else []
    top += len(cells)
    return cells + [GridCell(h.text, top, c + (FIRST - 1) * (c > 0), page=h.page) for c, h in enumerate(simple)], [
        t.text for t in loose
    ]


def _simple_head(heads: Sequence[Token], figures: int) -> Sequence[Token]:
    """The corner and the heads after it, if there is one for each figure: only then their order is the columns'."""
    named = [h for h in heads if h.text.strip() != "单位"]
    simple = named[len(named) - figures - 1 :] if len(named) > figures else []
    return simple if simple and "".join(simple[0].text.split()) in CORNERS else []
