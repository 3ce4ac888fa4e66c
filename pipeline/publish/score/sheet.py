"""The score sheet as a table and as a workbook: the ranking, and a line of evidence for each lost point."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.core.messages import say
from pipeline.publish.score.rubric import Rubric
from pipeline.publish.score.score import BodyScore, ItemScore

FIXED_TIME = datetime(2000, 1, 1)  # so that the same data give the same bytes
MAX_EVIDENCE_CHARS = 2_000
HEAD_ROW, PAPER_A4 = 2, 9
HEADING_HEIGHT_PT = 64  # of up to four lines
WIDTHS = {"ranking": (6, 34, 9, 7, 7, 9, *[8] * 20), "evidence": (6, 30, 34, 8, 90), "rubric": (40, 8, 12, 60)}
FONT, CELL = {"font_name": "宋体"}, {"valign": "top", "text_wrap": True, "border": 1}
Value = str | int | Decimal


def ranking_headings(rubric: Rubric, lang: str) -> list[str]:
    """Return the headings of the ranking: rank, body, percent, points, possible points, provenance, then each item."""
    names = ("rank", "body", "percent", "points", "possible", "provenance")
    return [*(say(f"score.col.{name}", lang) for name in names), *(item.name[lang] for item in rubric.items)]


def ranking_rows(scores: Sequence[BodyScore], lang: str) -> Iterator[list[Value]]:
    """Yield a row per body; an item that is unknown has a question mark."""
    for score in scores:
        provenance = say(f"score.provenance.{score.provenance}", lang) if score.provenance else ""
        points = (item.points if item.points is not None else "?" for item in score.items)
        yield [score.rank, score.body, score.percent, score.points, score.possible, provenance, *points]


def evidence_headings(lang: str) -> list[str]:
    """Return the headings of the evidence."""
    return [say(f"score.col.{name}", lang) for name in ("rank", "body", "item", "lost", "evidence")]


def evidence_rows(scores: Sequence[BodyScore], lang: str) -> Iterator[list[Value]]:
    """Yield a row per problem that cost points, and one per item that is unknown.

    The lost points of an item are in its first row, so that a sum over the rows is that of the body.
    """
    for score in scores:
        for item in score.items:
            lost: Value = item.item.points - item.points if item.points is not None else "?"
            for number, text in enumerate(_texts(item, lang)):
                name = item.item.name[lang]
                yield [score.rank, score.body, name, "" if number else lost, text[:MAX_EVIDENCE_CHARS]]


def _texts(item: ItemScore, lang: str) -> tuple[str, ...]:
    return item.evidence if item.points is not None else (say("score.unknown", lang),)


def score_workbook(scores: Sequence[BodyScore], rubric: Rubric, title: str, lang: str) -> bytes:
    """Return the workbook: a sheet with the ranking, one with the evidence, one with the rubric."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = Workbook(buffer, options)
    workbook.set_properties({"title": title[:255], "created": FIXED_TIME})
    names = [say(f"score.col.{name}", lang) for name in ("item", "points", "each", "why")]
    for name, widths, headings, rows in (
        ("ranking", WIDTHS["ranking"], ranking_headings(rubric, lang), ranking_rows(scores, lang)),
        ("evidence", WIDTHS["evidence"], evidence_headings(lang), evidence_rows(scores, lang)),
        ("rubric", WIDTHS["rubric"], names, _rubric_rows(rubric, lang)),
    ):
        sheet = workbook.add_worksheet(say(f"score.sheet.{name}", lang))
        _set_up(sheet, widths)
        _write_table(workbook, sheet, [title], headings, rows)
    workbook.close()
    return buffer.getvalue()


def _rubric_rows(rubric: Rubric, lang: str) -> Iterator[list[Value]]:
    for item in rubric.items:
        yield [item.name[lang], item.points, item.each if item.each is not None else item.points, item.why[lang]]


def _set_up(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Set column widths, and the page for print: A4, landscape, with the headings on every page."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_row(HEAD_ROW, HEADING_HEIGHT_PT)


def _write_table(
    workbook: Workbook, sheet: Worksheet, lines: Sequence[str], headings: Sequence[str], rows: Iterator[list[Value]]
) -> None:
    """Write the lines above a table, and the table. A text is never a formula."""
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, workbook.add_format(FONT | {"bold": True, "font_size": 14}))
    head = workbook.add_format(FONT | CELL | {"bold": True, "bg_color": "#EAF1FB"})
    plain = workbook.add_format(FONT | CELL)
    for column, heading in enumerate(headings):
        sheet.write_string(HEAD_ROW, column, heading, head)
    for row, values in enumerate(rows, start=HEAD_ROW + 1):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, column, value, plain)
            else:
                sheet.write_number(row, column, float(value), plain)
