"""A minimal report document on a statutory form: title, notice, prose, the printed tables, notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from pipeline.core.form import Form
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell

OVERVIEW = "一、总体情况"
STYLE = "table{border-collapse:collapse}td{border:1px solid #000;padding:4px 8px;text-align:center}"


def render_html(
    form: Form,
    values: Mapping[str, str],
    *,
    title: str,
    notice: str,
    prose: Sequence[str],
    encoding: str,
    declared: str = "",
) -> bytes:
    """The document as a web page. `values` is address to printed text, a missing address a blank cell.

    `declared` is the charset that the page claims, where it is to differ from its true `encoding`.
    """
    lines = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN">',
        f'<head><meta charset="{declared or encoding}"><title>{escape(title)}</title><style>{STYLE}</style></head>',
        "<body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(notice)}</p>",
        f"<h2>{OVERVIEW}</h2>",
        *(f"<p>{escape(paragraph)}</p>" for paragraph in prose),
    ]
    for table in form.printed:
        lines += [f"<h2>{escape(table.zh)}</h2>", *html_table(lay_out(table, values))]
    lines += [f"<p>{escape(notice)}</p>", "</body>", "</html>"]
    return _bytes(lines, encoding)


def render_text(form: Form, values: Mapping[str, str], *, title: str, notice: str, prose: Sequence[str]) -> bytes:
    """The document as UTF-8 text: tabs between a table's columns; a merged cell leaves its other places empty."""
    lines = [title, "", notice, "", OVERVIEW, "", *prose, ""]
    for table in form.printed:
        lines += [table.zh, "", *text_table(lay_out(table, values)), ""]
    return _bytes([*lines, notice], "utf-8")


def _bytes(lines: Sequence[str], encoding: str) -> bytes:
    return ("\n".join(lines) + "\n").encode(encoding)


def html_table(cells: Sequence[GridCell]) -> list[str]:
    """The lines of a table in HTML."""
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.column))
    rows = ("".join(map(_td, row)) for _, row in groupby(ordered, key=lambda cell: cell.row))
    return ["<table>", *(f"<tr>{row}</tr>" for row in rows), "</table>"]


def _td(cell: GridCell) -> str:
    spans = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
    attributes = "".join(f' {name}="{span}"' for name, span in spans if span > 1)
    return f"<td{attributes}>{escape(cell.text)}</td>"


def text_table(cells: Sequence[GridCell]) -> list[str]:
    """The lines of a table with tabs; a merged cell leaves its other places empty."""
    height = max(cell.row + cell.rowspan for cell in cells)
    width = max(cell.column + cell.colspan for cell in cells)
    places = [[""] * width for _ in range(height)]
    for cell in cells:
        places[cell.row][cell.column] = cell.text
    return ["\t".join(row) for row in places]
