"""Join the labels of an aligned table that are wrapped over several lines, and assign them to rows with values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.text import is_unit
from pipeline.read.text.aligned_rows import Piece, Row
from pipeline.read.text.lines import has_list_number

MAX_START_DIFFERENCE = 2  # characters by which the first offsets of a label's lines may differ


@dataclass
class _OpenLabel:
    """A label that may continue on the next line.

    `start` is its offset, `first_row` the row on which it begins, and `value_rows` the rows whose values it may name.
    """

    start: int
    first_row: Row
    texts: list[str]
    value_rows: list[Row] = field(default_factory=list)

    @property
    def is_numbered(self) -> bool:
        return has_list_number(self.texts[0])

    def can_continue_with(self, piece: Piece, row: Row) -> bool:
        """Return whether a text is the label's next line.

        A list number begins a new label, and so do values after a label without one.
        """
        if has_list_number(piece.text) or (row.values and not self.is_numbered):
            return False
        if self.value_rows and (row.values or not self.value_rows[0].has_wide_gaps):
            return False
        return row.follows_directly or self.is_numbered


def assign_labels(rows: Sequence[Row]) -> None:
    """Set the label of each row with values, and the `other_labels` of each row on which such a label begins.

    If several rows with values would share a label, none of them gets it: none has a better claim.
    """
    open_labels: list[_OpenLabel] = []
    last: _OpenLabel | None = None
    for row in rows:
        if row.is_head:
            _close_labels(open_labels)
            open_labels, last = [], None
            continue
        for piece in (piece for piece in row.texts if not is_unit(piece.text)):
            last = _add_text(open_labels, piece, row)
        if row.values and last is not None:
            last.value_rows.append(row)
    _close_labels(open_labels)


def _add_text(open_labels: list[_OpenLabel], piece: Piece, row: Row) -> _OpenLabel:
    """Return the open label that a text continues, else a new label, which replaces the one at its offset."""
    for label in open_labels:
        if abs(label.start - piece.start) <= MAX_START_DIFFERENCE:
            if label.can_continue_with(piece, row):
                label.texts.append(piece.text)
                return label
            open_labels.remove(label)
            _close_labels([label])
            break
    open_labels.append(_OpenLabel(piece.start, row, [piece.text]))
    return open_labels[-1]


def _close_labels(labels: Sequence[_OpenLabel]) -> None:
    """Give each label to its row with values, or to the row on which it begins if it names no or several rows."""
    for label in labels:
        words = " ".join(label.texts).split(" ")
        only_row = label.value_rows[0] if len(label.value_rows) == 1 else None
        if only_row and not only_row.texts and not only_row.has_wide_gaps and words[-1] in words[:-1]:
            # Words that repeat themselves above one long row of values are heads of columns.
            label.first_row.other_labels += words
        elif only_row:
            only_row.label = "".join(label.texts)
        else:
            label.first_row.other_labels.append("".join(label.texts))
