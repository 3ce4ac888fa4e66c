"""The identities of a form as live spreadsheet formulas: totals, both sides of every instance, and its verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.core.form import Form
from pipeline.core.identity import Instance
from pipeline.publish.form.fill import FilledForm

EQUAL, DIFFERENT, UNKNOWN = "相符", "不符", "缺数"
# The stored result of a formula without a value. Programs treat an empty result as a formula never calculated.
BLANK_RESULT = " "


class SheetCell(NamedTuple):
    """The place of a cell in the workbook; row and column are 0-based."""

    sheet: str
    row: int
    column: int


def terms_by_total(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return the addresses of the terms of each total, by address of the total.

    If several identities define a total, the first counts. Identities with figures of the prose are left out.
    """
    terms: dict[str, tuple[str, ...]] = {}
    for instance in form.instances:
        uses_prose = any(a.startswith("narrative/") for a in (*instance.left, *instance.right))
        if instance.identity.relation == "=" and len(instance.left) == 1 and not uses_prose:
            terms.setdefault(instance.place, instance.right)
    return terms


def equals_sum(filled: FilledForm, address: str, terms: Sequence[str]) -> bool:
    """Return whether a total equals the sum of its terms. A total that they contradict is written as a number."""
    return filled.cells[address].value == sum_of(filled, terms)


def sum_of(filled: FilledForm, addresses: Sequence[str]) -> Decimal | None:
    """Return the sum of some cells, None if one of them is unknown."""
    values = [filled.cells[a].value for a in addresses]
    known_values = [v for v in values if v is not None]
    return sum(known_values, Decimal(0)) if len(known_values) == len(values) else None


def cell_reference(cell: SheetCell, sheet: str = "") -> str:
    """Return the reference to a cell in a formula on `sheet`: `A1`, or `'other sheet'!A1`."""
    reference = xl_rowcol_to_cell(cell.row, cell.column)
    return reference if cell.sheet == sheet else f"'{cell.sheet}'!{reference}"


def sum_formula(cells: Sequence[SheetCell], sheet: str) -> str:
    """Return a formula for the sum of some cells. It shows nothing while one of them is blank: blank is not 0."""
    ranges = ",".join(_ranges(cells, sheet))
    return f'=IF(COUNT({ranges})={len(cells)},SUM({ranges}),"")'


def _ranges(cells: Sequence[SheetCell], sheet: str) -> list[str]:
    """Return one range for cells that are neighbours in a row or a column, else one reference per cell."""
    first, last = cells[0], cells[-1]
    across = [SheetCell(first.sheet, first.row, first.column + i) for i in range(len(cells))]
    down = [SheetCell(first.sheet, first.row + i, first.column) for i in range(len(cells))]
    if len(cells) > 1 and list(cells) in (across, down):
        return [f"{cell_reference(first, sheet)}:{xl_rowcol_to_cell(last.row, last.column)}"]
    return [cell_reference(cell, sheet) for cell in cells]


def verdict_formula(left: str, right: str, relation: str) -> str:
    """Return a formula that shows 相符 or 不符 for two references, or 缺数 while one of them is blank."""
    condition = f"ROUND({left}-{right},6)=0" if relation == "=" else f"{left}>={right}"
    return f'=IF(OR({left}="",{right}=""),"{UNKNOWN}",IF({condition},"{EQUAL}","{DIFFERENT}"))'


def failure_condition(instance: Instance, cells: Mapping[str, SheetCell], sheet: str) -> str:
    """Return a condition that is true while all cells of an identity on this sheet are filled in, and it fails.

    The places are absolute, because a conditional format shifts relative ones.
    """
    left, right = (
        [_absolute(r) for r in _ranges([cells[a] for a in side], sheet)] for side in (instance.left, instance.right)
    )
    count = len(instance.left) + len(instance.right)
    difference = f"ROUND(SUM({','.join(left)})-SUM({','.join(right)}),6)"
    sign = "<>" if instance.identity.relation == "=" else "<"
    return f"AND(COUNT({','.join([*left, *right])})={count},{difference}{sign}0)"


def _absolute(reference: str) -> str:
    """Return a reference of a sheet to itself with absolute places: $A$1:$B$2."""
    return re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", reference)


def verdict(filled: FilledForm, instance: Instance) -> str:
    """Return the result of the verdict formula for the figures of the form."""
    left, right = sum_of(filled, instance.left), sum_of(filled, instance.right)
    if left is None or right is None:
        return UNKNOWN
    holds = left == right if instance.identity.relation == "=" else left >= right
    return EQUAL if holds else DIFFERENT
