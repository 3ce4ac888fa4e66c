"""Fill a form's layout for many documents: the layout is made once per file format, its placeholders once per report.

A placeholder is the address of a cell, or the name of another text, between two characters of Unicode's private use
area.
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


def placeholder(name: str) -> str:
    """Return the placeholder of a text that is filled in later."""
    return f"{OPEN}{name}{CLOSE}"


@dataclass(frozen=True)
class Template:
    """A text with placeholders: fixed texts and placeholder names in turn, with a fixed text first and last."""

    pieces: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the placeholders."""
        return self.pieces[1::2]

    def fill(self, values: Mapping[str, str], encode: Callable[[str], str] = str) -> str:
        """Return the text with each placeholder replaced by its encoded value. Raises KeyError for a missing value."""
        filled = list(self.pieces)
        filled[1::2] = [encode(values[name]) for name in self.names]
        return "".join(filled)


def parse_template(text: str) -> Template:
    """Return a text with placeholders as a template."""
    return Template(tuple(part for piece in text.split(OPEN) for part in piece.split(CLOSE)))


@cache
def lay_out_form(form_code: str) -> tuple[tuple[Table, tuple[GridCell, ...]], ...]:
    """Return the printed tables of a form, each with its grid cells; a value cell holds its placeholder."""
    form = forms()[form_code]
    return tuple((table, tuple(lay_out(table, _placeholders(form)))) for table in form.printed_tables)


def _placeholders(form: Form) -> dict[str, str]:
    return {address: placeholder(address) for address in form.addresses(form.printed_tables)}


def group_by_row(cells: Sequence[GridCell]) -> list[list[GridCell]]:
    """Return, for each grid row, the cells that begin in it, from left to right."""
    rows: list[list[GridCell]] = [[] for _ in range(max(c.row + c.rowspan for c in cells))]
    for cell in sorted(cells, key=lambda c: c.column):
        rows[cell.row].append(cell)
    return rows


def count_columns(cells: Sequence[GridCell]) -> int:
    """Return the number of grid columns of a table."""
    return max(c.column + c.colspan for c in cells)
