"""A filled form as an XLSX file: a sheet per table with live totals, and a sheet that tests every identity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pipeline.core.form import Table
from pipeline.core.form_grid import lay_out
from pipeline.core.identity import Instance
from pipeline.core.model import GridCell
from pipeline.core.own_sheets import FIRST_HEADINGS, IDENTITIES_SHEET, PROSE_SHEET
from pipeline.publish.form.fill import FilledForm
from pipeline.publish.form.identity_formulas import (
    BLANK_RESULT,
    DIFFERENT,
    SheetCell,
    cell_reference,
    equals_sum,
    failure_condition,
    sum_formula,
    sum_of,
    verdict,
    verdict_formula,
)
from pipeline.publish.form.print_layout import header_row_count
from pipeline.publish.form.report_template import OMITTED_PROSE_ROWS, DocumentBlock
from pipeline.publish.form.review_parts import CompilationReview
from pipeline.publish.form.review_sheets import add_comparison_sheet, add_explanation_sheet
from pipeline.publish.form.workbook import LINE_HEIGHT_PT, WIDTH_PER_CHARACTER, FormWorkbook

TABLE_SHEETS = {"proactive": "二、主动公开", "applications": "三、依申请公开", "review_litigation": "四、复议诉讼"}
PROSE_WIDTHS = (46.0, 18.0, 12.0)
# The columns of the sheet of identities; the last four are both sides' values, their difference and the verdict.
IDENTITY_HEADINGS = ("序号", "勾稽关系", "位置", "左边", "关系", "右边", "差", "结果")
IDENTITY_WIDTHS = (6.0, 46.0, 60.0, 13.0, 6.0, 13.0, 11.0, 9.0)
NUMBER, NAME, PLACE, LEFT, RELATION, RIGHT, DIFFERENCE, VERDICT = range(8)
VERDICT_LETTER = "H"


def write_xlsx(
    filled: FilledForm,
    blocks: Sequence[DocumentBlock],
    explanation: Sequence[DocumentBlock] = (),
    review: CompilationReview | None = None,
) -> bytes:
    """Return the content of the XLSX file. The first block is the title.

    A workbook to fill in, of basis `blank`, has no prose. With a review, sheets with the explanation and with all cells
    next to the year before follow.
    """
    workbook = FormWorkbook(filled, blocks)
    if filled.basis != "blank":
        _add_prose_sheet(workbook)
    for table in filled.form.printed_tables:
        _place_cells(workbook, table)
    for table in filled.form.printed_tables:
        _add_table_sheet(workbook, table)
    _add_identities_sheet(workbook)
    if explanation:
        add_explanation_sheet(workbook, explanation)
    if review:
        add_comparison_sheet(workbook, review)
    return workbook.finish()


def _add_prose_sheet(workbook: FormWorkbook) -> None:
    """Add the prose, and its figures in cells of their own, which the identities compare with the tables."""
    sheet, row = workbook.add_sheet(PROSE_SHEET, PROSE_WIDTHS, landscape=False)
    for block, next_block in pairwise([*workbook.blocks, DocumentBlock("")]):
        # A heading above a table is on the sheet of the table.
        if block.kind in ("heading", "subheading", "text") and next_block.kind != "table":
            workbook.write_across(sheet, row, block, PROSE_WIDTHS)
            row += 1
    prose = next(t for t in workbook.filled.form.tables.values() if t.layout == "prose")
    for column, text in enumerate(FIRST_HEADINGS[PROSE_SHEET]):
        sheet.write_string(row, column, text, workbook.formats["label"])
    for code, label in prose.rows.items():
        if code not in OMITTED_PROSE_ROWS:
            row += 1
            address = f"{prose.code}/{code}/value"
            sheet.write_string(row, 0, label.zh, workbook.formats["label"])
            sheet.write_string(row, 2, label.unit, workbook.formats["label"])
            workbook.cells_by_address[address] = SheetCell(PROSE_SHEET, row, 1)
            workbook.write_input(address, prose)


def _place_cells(workbook: FormWorkbook, table: Table) -> None:
    """Register the place of each cell of a table, so that formulas on any sheet can refer to it."""
    addresses = set(workbook.filled.form.addresses([table]))
    for cell in lay_out(table, {a: a for a in addresses}):
        if cell.text in addresses:
            place = SheetCell(TABLE_SHEETS[table.code], workbook.top_row_count + 1 + cell.row, cell.column)
            workbook.cells_by_address[cell.text] = place


def _add_table_sheet(workbook: FormWorkbook, table: Table) -> None:
    """Add the sheet of a table: its heading, its labels and cells, and the settings for print."""
    # The addresses serve as texts of the layout, which distinguishes statutory cells from labels.
    cells = lay_out(table, {a: a for a in workbook.filled.form.addresses([table])})
    widths = _column_widths(table, max(c.column + c.colspan for c in cells))
    sheet, row = workbook.add_sheet(TABLE_SHEETS[table.code], widths, landscape=table.layout == "flat")
    workbook.write_across(sheet, row, DocumentBlock("heading", table.zh), widths)
    for cell in cells:
        _write_cell(workbook, sheet, table, cell)
    _set_row_heights(workbook, sheet, cells, widths)
    header_end = workbook.top_row_count + 1 + header_row_count(table)
    sheet.freeze_panes(header_end, 3 if table.code == "applications" else 0)
    sheet.repeat_rows(0, header_end - 1)


def _write_cell(workbook: FormWorkbook, sheet: Any, table: Table, cell: GridCell) -> None:
    """Write a label, an input, or a total as the formula of its sum. A total that its terms contradict is an input."""
    row, column = workbook.top_row_count + 1 + cell.row, cell.column
    address = cell.text if cell.text in workbook.cells_by_address else ""
    if cell.rowspan > 1 or cell.colspan > 1:
        last = (row + cell.rowspan - 1, column + cell.colspan - 1)
        sheet.merge_range(row, column, *last, "", workbook.formats["input" if address else "label"])
    if not address:
        sheet.write_string(row, column, cell.text, workbook.formats["label"])
        return
    terms = workbook.terms_by_total.get(address, ())
    if terms and equals_sum(workbook.filled, address, terms):
        formula = sum_formula([workbook.cells_by_address[a] for a in terms], TABLE_SHEETS[table.code])
        result = _stored_result(workbook.filled.cells[address].value)
        sheet.write_formula(row, column, formula, workbook.formats["total"], result)
    else:
        workbook.write_input(address, table)


def _set_row_heights(workbook: FormWorkbook, sheet: Any, cells: Sequence[GridCell], widths: Sequence[float]) -> None:
    """Make each row as high as its longest label needs."""
    line_counts: dict[int, int] = {}
    for cell in cells:
        if cell.rowspan == 1 and cell.text not in workbook.cells_by_address:
            room = sum(widths[cell.column : cell.column + cell.colspan]) - 1
            line_count = math.ceil(len(cell.text) * WIDTH_PER_CHARACTER / room)
            line_counts[cell.row] = max(line_counts.get(cell.row, 1), line_count)
    for row, count in line_counts.items():
        sheet.set_row(workbook.top_row_count + 1 + row, LINE_HEIGHT_PT * count + 5)


def _add_identities_sheet(workbook: FormWorkbook) -> None:
    """Add a row per instance of an identity: both sides, their difference and the verdict."""
    sheet, row = workbook.add_sheet(IDENTITIES_SHEET, IDENTITY_WIDTHS, landscape=True)
    for column, text in enumerate(IDENTITY_HEADINGS):
        sheet.write_string(row, column, text, workbook.formats["label"])
    sheet.freeze_panes(row + 1, 0)
    sheet.repeat_rows(0, row)
    failures_by_address: dict[str, list[str]] = {}
    for number, instance in enumerate(workbook.filled.form.instances, start=1):
        addresses = (*instance.left, *instance.right)
        if all(address in workbook.cells_by_address for address in addresses):
            row += 1
            _write_identity(workbook, row, number, instance)
            sheets = {workbook.cells_by_address[address].sheet for address in addresses}
            # Excel 2007 and some other programs ignore a condition about another sheet.
            failure = (
                failure_condition(instance, workbook.cells_by_address, sheets.pop())
                if len(sheets) == 1
                else f"'{IDENTITIES_SHEET}'!${VERDICT_LETTER}${row + 1}=\"{DIFFERENT}\""
            )
            for address in addresses:
                failures_by_address.setdefault(address, []).append(failure)
    _color_failures(workbook, row, failures_by_address)


def _write_identity(workbook: FormWorkbook, row: int, number: int, instance: Instance) -> None:
    """Write an instance of an identity, with live formulas for its two sides, their difference and the verdict."""
    sheet, filled, identity = workbook.sheets[IDENTITIES_SHEET], workbook.filled, instance.identity
    plain, centred = workbook.formats["plain"], workbook.formats["centred"]
    place = filled.form.label(instance.place, "zh")
    sheet.write_number(row, NUMBER, number, centred)
    sheet.write_string(row, NAME, identity.zh, plain)
    sheet.write_string(row, PLACE, place, plain)
    sheet.set_row(row, LINE_HEIGHT_PT * math.ceil(len(place) * WIDTH_PER_CHARACTER / IDENTITY_WIDTHS[PLACE]))
    sheet.write_string(row, RELATION, "=" if identity.relation == "=" else "≥", centred)
    left, right = sum_of(filled, instance.left), sum_of(filled, instance.right)
    for column, addresses, value in ((LEFT, instance.left, left), (RIGHT, instance.right, right)):
        formula = sum_formula([workbook.cells_by_address[a] for a in addresses], IDENTITIES_SHEET)
        sheet.write_formula(row, column, formula, plain, _stored_result(value))
    left_cell, right_cell = (
        cell_reference(SheetCell(IDENTITIES_SHEET, row, column), IDENTITIES_SHEET) for column in (LEFT, RIGHT)
    )
    difference = None if left is None or right is None else left - right
    formula = f'=IF(OR({left_cell}="",{right_cell}=""),"",ROUND({left_cell}-{right_cell},6))'
    sheet.write_formula(row, DIFFERENCE, formula, plain, _stored_result(difference))
    formula = verdict_formula(left_cell, right_cell, identity.relation)
    sheet.write_formula(row, VERDICT, formula, centred, verdict(filled, instance))


def _color_failures(workbook: FormWorkbook, last_row: int, failures_by_address: Mapping[str, Sequence[str]]) -> None:
    """Color the row of each failing identity and all cells that it binds red, by conditional formats.

    `failures_by_address` has, per cell, the conditions under which an identity with this cell fails.
    """
    wrong = workbook.formats["wrong"]
    header_row = workbook.top_row_count
    condition = f'=${VERDICT_LETTER}{header_row + 1}="{DIFFERENT}"'
    workbook.sheets[IDENTITIES_SHEET].conditional_format(
        header_row, 0, last_row, VERDICT, {"type": "formula", "criteria": condition, "format": wrong}
    )
    for address, failures in failures_by_address.items():
        name, row, column = workbook.cells_by_address[address]
        rule = {"type": "formula", "criteria": f"=OR({','.join(failures)})", "format": wrong}
        workbook.sheets[name].conditional_format(row, column, row, column, rule)


def _stored_result(value: Decimal | None) -> float | str:
    """Return the stored result of a formula, for programs that do not calculate."""
    return BLANK_RESULT if value is None else float(value)


def _column_widths(table: Table, column_count: int) -> list[float]:
    """Return the width of each column in units of the default font."""
    if table.code == "applications":
        return [6.0, 12.0, 40.0, *[10.0] * (column_count - 3)]
    return [8.5] * column_count if table.layout == "flat" else [28.0, *[20.0] * (column_count - 1)]
