"""The sheets of a compiled workbook about its review: the explanation, and every cell next to the year before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.core.own_sheets import COMPARISON_SHEET, EXPLANATION_SHEET, FIRST_HEADINGS
from pipeline.publish.form.report_template import DocumentBlock
from pipeline.publish.form.review_parts import CompilationReview
from pipeline.publish.form.review_text import percent_text
from pipeline.publish.form.workbook import LINE_HEIGHT_PT, FormWorkbook, count_lines

EXPLANATION_WIDTHS = (46.0, 12.0, 12.0, 12.0, 12.0)
COMPARISON_WIDTHS = (54.0, 12.0, 13.0, 12.0, 12.0, 12.0)
COMPARISON_HEADINGS = (*FIRST_HEADINGS[COMPARISON_SHEET], "上年数", "增减", "增减%")


def add_explanation_sheet(workbook: FormWorkbook, blocks: Sequence[DocumentBlock]) -> None:
    """Add the sheet with the explanation; its first block is the title."""
    sheet, row = workbook.add_sheet(EXPLANATION_SHEET, EXPLANATION_WIDTHS, landscape=False)
    for block in blocks:
        if block.kind in ("heading", "text"):
            workbook.write_across(sheet, row, block, EXPLANATION_WIDTHS)
            row += 1
        for texts in block.rows:
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text, workbook.formats["plain" if column == 0 else "centred"])
            sheet.set_row(row, LINE_HEIGHT_PT * count_lines(texts[0], EXPLANATION_WIDTHS[0]))
            row += 1


def add_comparison_sheet(workbook: FormWorkbook, review: CompilationReview) -> None:
    """Add the sheet with each cell: compiled, reported, the year before, and the change. A blank is unknown."""
    sheet, row = workbook.add_sheet(COMPARISON_SHEET, COMPARISON_WIDTHS, landscape=False)
    for column, heading in enumerate(COMPARISON_HEADINGS):
        sheet.write_string(row, column, heading, workbook.formats["label"])
    sheet.freeze_panes(row + 1, 1)
    sheet.repeat_rows(0, row)
    for cell in review.rows:
        row += 1
        text = review.form.label(cell.address, "zh")
        sheet.write_string(row, 0, text, workbook.formats["plain"])
        for column, value in enumerate((cell.compiled, cell.reported, cell.prior, cell.change), start=1):
            _write_number(workbook, row, column, value)
        sheet.write_string(row, 5, percent_text(cell), workbook.formats["centred"])
        sheet.set_row(row, LINE_HEIGHT_PT * count_lines(text, COMPARISON_WIDTHS[0]))


def _write_number(workbook: FormWorkbook, row: int, column: int, value: Decimal | None) -> None:
    sheet, cell_format = workbook.sheets[COMPARISON_SHEET], workbook.formats["centred"]
    if value is None:
        sheet.write_blank(row, column, None, cell_format)
    else:
        sheet.write_number(row, column, float(value), cell_format)
