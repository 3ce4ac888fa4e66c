"""Test each cell by itself: counts are whole and not negative, and the unit is known and of the cell's kind.

A count that is not whole has no value: 1.234 may be 1,234 with a point for thousands. A negative number keeps its
value, so that the identities show whether only the sign is wrong. The printed text is kept, and the finding asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.form import Form
from pipeline.core.model import Cell, Document, Finding, Grid, Paragraph
from pipeline.core.text import header_unit, normalize
from pipeline.core.units import MONEY, UNKNOWN
from pipeline.extract.titles import find_years

MAY_BE_NEGATIVE = ("items_change",)  # columns, at the end of an address
_UNIT_LINE = re.compile(r"[(（]?(?:金额|计量|数据)?单位[:：].{1,8}")
_HEADING = re.compile(r"20\d\d年.*(?:表|情况|报告)\)?$")
MAX_HEADING_CHARS = 60
_FORMATS_WITH_FORMULAS = ("xlsx", "ods")
_NUMBER_WITH_UNIT = re.compile(r"[+-]?[\d,.]+\D+|\D+[\d,.]+\D*")


def units_above(document: Document) -> list[str]:
    """Return for each grid the unit of money that the line above it states (金额单位：元), '' where it states none.

    单位：件 says nothing about money, and 单位 may also be followed by the name of a body.
    """
    units, above = list[str](), ""
    for block in document.blocks:
        if isinstance(block, Grid):
            units.append(above)
            above = ""
        elif _is_unit_line(block):
            unit = header_unit(block.text)
            above = unit if unit in MONEY or (unit == UNKNOWN and "金额" in block.text) else ""
        elif block.text.strip():
            above = ""
    return units


def grids_of_other_years(document: Document, year: int | None) -> dict[int, str]:
    """Return the grids below a heading that names another year only (附件：2022年主动公开情况表), with the heading."""
    found, heading, number = dict[int, str](), "", 0
    for block in document.blocks:
        if isinstance(block, Grid):
            if heading and year and (years := set(find_years(heading))) and year not in years:
                found[number] = heading
            number, heading = number + 1, ""
        elif block.text.strip():
            compact = "".join(normalize(block.text).split())
            heading = compact if _HEADING.search(compact) and len(compact) <= MAX_HEADING_CHARS else ""
    return found


def _is_unit_line(paragraph: Paragraph) -> bool:
    return bool(_UNIT_LINE.fullmatch("".join(paragraph.text.split())))


def settle_domain(cells: Sequence[Cell]) -> tuple[list[Cell], list[Finding]]:
    """Return the cells, without a value where a count is not whole, and the findings about them."""
    settled, findings = list[Cell](), list[Finding]()
    for cell in cells:
        code = _broken_edit(cell)
        settled.append(replace(cell, value=None, kind="text") if code == "extract.not_whole" else cell)
        if code:
            findings.append(Finding(code, cell.address, "fail", "error", cells=(cell.address,), note=cell.raw))
    return settled, findings


def _broken_edit(cell: Cell) -> str:
    """Return the code of the edit that a cell breaks, '' if it breaks none."""
    if cell.value is None:
        return ""
    if cell.value < 0 and cell.column not in MAY_BE_NEGATIVE:
        return "extract.negative"
    if cell.unit not in MONEY and cell.unit != "%" and cell.value != cell.value.to_integral_value():
        return "extract.not_whole"
    return ""


def text_finding(cell: Cell) -> Finding:
    """Return the finding for a cell without a number: its unit is unknown or another one, or it holds a text."""
    has_unit = _NUMBER_WITH_UNIT.fullmatch("".join(normalize(cell.raw).split()))
    code = (
        "extract.unit" if has_unit or cell.raw.strip().replace(",", "").replace(".", "").isdigit() else "extract.text"
    )
    return Finding(code, cell.address, "fail", "error", cells=(cell.address,), note=cell.raw)


def is_uncalculated(cell: Cell, file_format: str) -> bool:
    """Return whether a cell of a workbook is a formula that was stored without its value.

    Libraries that write workbooks do not calculate. Excel and WPS do so when they open the workbook, and store the
    values when they save it.
    """
    return file_format in _FORMATS_WITH_FORMULAS and cell.kind == "text" and cell.raw.startswith("=")


def uncalculated_finding(cells: Sequence[Cell]) -> Finding:
    """Return the one finding for all formulas without a value: one cause, and one thing to do."""
    addresses = tuple(cell.address for cell in cells)
    return Finding(
        "extract.uncalculated", "document", "fail", "error", cells=addresses, note=f"{cells[0].raw} ({len(cells)})"
    )


def report_blank_tables(form: Form, cells: Sequence[Cell]) -> Iterator[Finding]:
    """Yield a finding for each table that is printed without any number: probably a template that nobody filled in."""
    for table in form.printed_tables:
        own = [cell for cell in cells if cell.table == table.code]
        if own and all(cell.kind == "blank" for cell in own):
            addresses = tuple(cell.address for cell in own)
            note = f"{len(own)}/{len(table.cells)}"
            yield Finding("extract.blank_table", table.code, "fail", "error", cells=addresses, note=note)
