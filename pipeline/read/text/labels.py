"""Labels of ragged text: put together from the lines they are wrapped over, and tied to the figures they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.text import is_unit
from pipeline.read.text.lines import numbered
from pipeline.read.text.rows import Piece, Row

NEAR = 2  # characters by which the lines of one label may differ in where they begin


@dataclass
class _Label:
    """A label so far: where it begins, its words, the row it opens on, and the rows whose figures it would name."""

    start: int
    first: Row
    words: list[str]
    rows: list[Row] = field(default_factory=list)

    @property
    def numbered(self) -> bool:
        return numbered(self.words[0])

    def goes_on(self, piece: Piece, row: Row) -> bool:
        """Whether a text is the label's next line. A number opens a new one; so do figures after a bare label."""
        if numbered(piece.text) or (row.figures and not self.numbered):
            return False
        if self.rows and (row.figures or not self.rows[0].wide):
            return False
        return row.near or self.numbered


def tie(rows: Sequence[Row]) -> None:
    """Give each row with figures its label. Two rows that would share one stay without: neither has a better claim."""
    labels: list[_Label] = []
    last: _Label | None = None
    for row in rows:
        if row.head:
            _close(labels)
            labels, last = [], None
            continue
        for piece in (p for p in row.texts if not is_unit(p.text)):
            last = _read(labels, piece, row)
        if row.figures and last is not None:
            last.rows.append(row)
    _close(labels)


def _read(labels: list[_Label], piece: Piece, row: Row) -> _Label:
    """The label that a text goes on with, or a new one in its place."""
    for label in labels:
        if abs(label.start - piece.start) <= NEAR:
            if label.goes_on(piece, row):
                label.words.append(piece.text)
                return label
            labels.remove(label)
            _close([label])
            break
    labels.append(_Label(piece.start, row, [piece.text]))
    return labels[-1]


def _close(labels: Sequence[_Label]) -> None:
    for label in labels:
        words = " ".join(label.words).split(" ")
        if len(label.rows) == 1 and not label.rows[0].texts and not label.rows[0].wide and words[-1] in words[:-1]:
            # Heads that repeat themselves over one long row of figures are no label.
            label.first.alone += words
        elif len(label.rows) == 1:
            label.rows[0].label = "".join(label.words)
        else:
            label.first.alone.append("".join(label.words))
