"""Render one report as a minimal web page or text file: title, notice, prose, the printed tables, notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from pipeline.core.form import Form
from pipeline.core.form_grid import lay_out
from pipeline.core.model import GridCell

OVERVIEW = "一、总体情况"
STYLE = "table{border-collapse:collapse}td{border:1px solid #000;padding:4px 8px;text-align:center}"


@dataclass(frozen=True)
class DocumentText:
    """The texts of a document outside its tables; the notice is printed at its head and foot."""

    title: str
    notice: str = ""
    prose: Sequence[str] = ()


def render_html(
    form: Form, values: Mapping[str, str], text: DocumentText, *, encoding: str, declared_encoding: str = ""
) -> bytes:
    """Return the document as a web page.

    `values` maps addresses to printed texts; a missing address is a blank cell. `declared_encoding` is the charset that
    the page claims, if it differs from the true `encoding`.
    """
    title, notice = escape(text.title), escape(text.notice)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN">',
        f'<head><meta charset="{declared_encoding or encoding}"><title>{title}</title><style>{STYLE}</style></head>',
        "<body>",
        f"<h1>{title}</h1>",
        f"<p>{notice}</p>",
        f"<h2>{OVERVIEW}</h2>",
        *(f"<p>{escape(paragraph)}</p>" for paragraph in text.prose),
    ]
    for table in form.printed_tables:
        lines += [f"<h2>{escape(table.zh)}</h2>", *render_html_table(lay_out(table, values))]
    lines += [f"<p>{notice}</p>", "</body>", "</html>"]
    return _encode(lines, encoding)


def render_text(form: Form, values: Mapping[str, str], text: DocumentText) -> bytes:
    """Return the document as UTF-8 text, with `values` as in `render_html` and tables as in `render_text_table`."""
    lines = [text.title, "", text.notice, "", OVERVIEW, "", *text.prose, ""]
    for table in form.printed_tables:
        lines += [table.zh, "", *render_text_table(lay_out(table, values)), ""]
    return _encode([*lines, text.notice], "utf-8")


def _encode(lines: Sequence[str], encoding: str) -> bytes:
    return ("\n".join(lines) + "\n").encode(encoding)


def render_html_table(cells: Sequence[GridCell]) -> list[str]:
    """Return the lines of a table in HTML, one per table row."""
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.column))
    rows = ("".join(map(_render_td, row)) for _, row in groupby(ordered, key=lambda cell: cell.row))
    return ["<table>", *(f"<tr>{row}</tr>" for row in rows), "</table>"]


def _render_td(cell: GridCell) -> str:
    """Return a grid cell as a `td` element."""
    spans = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
    attributes = "".join(f' {name}="{span}"' for name, span in spans if span > 1)
    return f"<td{attributes}>{escape(cell.text)}</td>"


def render_text_table(cells: Sequence[GridCell]) -> list[str]:
    """Return the lines of a table with tabs between columns.

    A merged cell's text is in its first place; its other places are empty.
    """
    height = max(cell.row + cell.rowspan for cell in cells)
    width = max(cell.column + cell.colspan for cell in cells)
    texts = [[""] * width for _ in range(height)]
    for cell in cells:
        texts[cell.row][cell.column] = cell.text
    return ["\t".join(row) for row in texts]
