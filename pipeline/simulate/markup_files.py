"""Build simulated reports as web pages, text files and Word documents, in the shapes that offices publish."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape

from pipeline.core.model import GridCell
from pipeline.simulate.render import OVERVIEW, STYLE, render_html_table, render_text_table
from pipeline.simulate.template import (
    NOTICE,
    PROSE,
    TITLE,
    Template,
    count_columns,
    group_by_row,
    lay_out_form,
    parse_template,
    placeholder,
)

# The shapes of a web page: its true encoding, the encoding it declares, and the layout of its tables.
PAGE_SHAPES = (
    ("utf-8", "utf-8", "plain"),
    ("gb18030", "gb2312", "plain"),
    ("gb18030", "utf-8", "plain"),
    ("utf-8", "gb2312", "nested"),
    ("utf-8", "utf-8", "split"),
    ("gb18030", "gbk", "nested"),
)
TEXT_SHAPES = ("tabs", "bars")
# A split applications table continues after this many rows as a second table, below a repeated header.
SPLIT_ROW = 14
HEADER_ROWS = 3
# The date of every archive member, so that the same report has the same bytes.
ARCHIVE_DATE = (2026, 1, 1, 0, 0, 0)


def build_html(form_code: str, values: Mapping[str, str], prose: Sequence[str], shape: int) -> bytes:
    """Return the report as a web page; `shape` modulo their number selects one of PAGE_SHAPES."""
    encoding, declared, tables = PAGE_SHAPES[shape % len(PAGE_SHAPES)]
    paragraphs = "\n".join(f"<p>{escape(p)}</p>" for p in prose)
    template = _page_template(form_code, declared, tables)
    page = template.fill({k: escape(v) for k, v in values.items()} | {PROSE: paragraphs})
    return page.encode(encoding)


@cache
def _page_template(form_code: str, declared: str, tables: str) -> Template:
    """Return the template of a web page that declares an encoding; `tables` is plain, nested or split."""
    title, notice = placeholder(TITLE), f"<p>{placeholder(NOTICE)}</p>"
    lines = ["<!DOCTYPE html>", '<html lang="zh-CN">', f'<head><meta charset="{declared}"><title>{title}</title>']
    lines += [f"<style>{STYLE}</style></head>", "<body>", f"<h1>{title}</h1>", notice, f"<h2>{OVERVIEW}</h2>"]
    lines += [placeholder(PROSE)]
    for table, cells in lay_out_form(form_code):
        parts = _split(cells) if tables == "split" and table.code == "applications" else [cells]
        inner = [line for part in parts for line in render_html_table(part)]
        if tables == "nested":
            inner = ["<table><tr><td>", *inner, "</td></tr></table>"]
        lines += [f"<h2>{escape(table.zh)}</h2>", *inner]
    return parse_template("\n".join([*lines, notice, "</body>", "</html>", ""]))


def _split(cells: Sequence[GridCell]) -> list[list[GridCell]]:
    """Split a table after SPLIT_ROW rows; the second part repeats the header, and merged cells are cut."""
    height = max(c.row + c.rowspan for c in cells)
    return [
        _select_rows(cells, range(SPLIT_ROW)),
        _select_rows(cells, [*range(HEADER_ROWS), *range(SPLIT_ROW, height)]),
    ]


def _select_rows(cells: Sequence[GridCell], rows: Sequence[int]) -> list[GridCell]:
    """Return the cells in some rows of a table, renumbered; the span of a merged cell covers only these rows."""
    new_row_of = {row: number for number, row in enumerate(rows)}
    selected = []
    for cell in cells:
        new_rows = [new_row_of[r] for r in range(cell.row, cell.row + cell.rowspan) if r in new_row_of]
        if new_rows:
            selected.append(replace(cell, row=new_rows[0], rowspan=len(new_rows)))
    return selected


def build_text(form_code: str, values: Mapping[str, str], prose: Sequence[str], shape: int) -> bytes:
    """Return the report as UTF-8 text; `shape` modulo 2 selects tabs or bars between the columns."""
    template = _text_template(form_code, TEXT_SHAPES[shape % len(TEXT_SHAPES)])
    return template.fill(dict(values) | {PROSE: "\n".join(prose)}).encode("utf-8")


@cache
def _text_template(form_code: str, separator: str) -> Template:
    """Return the template of a text file; `separator` is tabs or bars."""
    lines = [placeholder(TITLE), "", placeholder(NOTICE), "", OVERVIEW, "", placeholder(PROSE), ""]
    for table, cells in lay_out_form(form_code):
        rows = render_text_table(cells)
        if separator == "bars":
            rows = [f"| {row.replace(chr(9), ' | ')} |" for row in rows]
        lines += [table.zh, "", *rows, ""]
    return parse_template("\n".join([*lines, placeholder(NOTICE), ""]))


_WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT_TYPES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_PACKAGE_NAMESPACE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE_NAMESPACE}/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def build_docx(form_code: str, values: Mapping[str, str], prose: Sequence[str], _shape: int) -> bytes:
    """Return the report as DOCX, in its only shape."""
    paragraphs = "".join(_docx_paragraph(escape(p)) for p in prose)
    document = _document_template(form_code).fill({k: escape(v) for k, v in values.items()} | {PROSE: paragraphs})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELATIONSHIPS),
            ("word/document.xml", document),
        ):
            entry = zipfile.ZipInfo(name, ARCHIVE_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return out.getvalue()


@cache
def _document_template(form_code: str) -> Template:
    """Return the template of `word/document.xml`."""
    parts = [
        _docx_paragraph(placeholder(TITLE)),
        _docx_paragraph(placeholder(NOTICE)),
        _docx_paragraph(OVERVIEW),
        placeholder(PROSE),
    ]
    for table, cells in lay_out_form(form_code):
        parts += [_docx_paragraph(table.zh), _docx_table(cells)]
    body = "".join([*parts, _docx_paragraph(placeholder(NOTICE))])
    return parse_template(
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_WORD_NAMESPACE}"><w:body>{body}'
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
    )


def _docx_paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _docx_table(cells: Sequence[GridCell]) -> str:
    """Return a table in WordprocessingML; a cell merged downwards is repeated as `continue` in each of its rows."""
    width = count_columns(cells)
    grid = f'<w:tblGrid>{f"""<w:gridCol w:w="{9000 // width}"/>""" * width}</w:tblGrid>'
    covered = {(r, c.column): c for c in cells for r in range(c.row + 1, c.row + c.rowspan)}
    rows = []
    for number, row in enumerate(group_by_row(cells)):
        continued = [c for (r, _), c in covered.items() if r == number]
        row_cells = sorted(
            [*((c, "restart" if c.rowspan > 1 else "") for c in row), *((c, "continue") for c in continued)],
            key=lambda pair: pair[0].column,
        )
        rows.append(f"<w:tr>{''.join(_docx_cell(c, merge) for c, merge in row_cells)}</w:tr>")
    return f"<w:tbl><w:tblPr/>{grid}{''.join(rows)}</w:tbl>"


def _docx_cell(cell: GridCell, merge: str) -> str:
    """Return a table cell; `merge` is restart or continue in a cell merged downwards, else empty."""
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    text = "" if merge == "continue" else cell.text
    return f"<w:tc><w:tcPr>{span}{down}</w:tcPr>{_docx_paragraph(text)}</w:tc>"
