"""Documents by the ten thousand: a form is laid out once for each format, and its blanks are filled for each report.

Between two marks of Unicode's private use stands the address of a cell, or the name of a piece of text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.core.form import Form, Table, forms
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell

OPEN, CLOSE = "\ue000", "\ue001"
TITLE, NOTICE, PROSE = "@title", "@notice", "@prose"


def blank(name: str) -> str:
    """The place of a text that is filled in later."""
    return f"{OPEN}{name}{CLOSE}"


@dataclass(frozen=True)
class Template:
    """Texts and names in turn, a text first and last."""

    pieces: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What is to be filled in."""
        return self.pieces[1::2]

    def fill(self, values: Mapping[str, str], written: Callable[[str], str] = str) -> str:
        """The text with all values in their places, each as `written` writes it."""
        filled = list(self.pieces)
        filled[1::2] = [written(values[name]) for name in self.names]
        return "".join(filled)


def template(text: str) -> Template:
    """A text with blanks as a template."""
    return Template(tuple(part for piece in text.split(OPEN) for part in piece.split(CLOSE)))


@cache
def laid_out(code: str) -> tuple[tuple[Table, tuple[GridCell, ...]], ...]:
    """The printed tables of a form with a blank in each cell."""
    form = forms()[code]
    return tuple((table, tuple(lay_out(table, _blanks(form)))) for table in form.printed)


def _blanks(form: Form) -> dict[str, str]:
    return {address: blank(address) for address in form.addresses(form.printed)}


def by_row(cells: Sequence[GridCell]) -> list[list[GridCell]]:
    """The cells that begin in each row, from the left."""
    rows: list[list[GridCell]] = [[] for _ in range(max(c.row + c.rowspan for c in cells))]
    for cell in sorted(cells, key=lambda c: c.column):
        rows[cell.row].append(cell)
    return rows


def widths(cells: Sequence[GridCell]) -> int:
    """How many columns a table has."""
    return max(c.column + c.colspan for c in cells)
