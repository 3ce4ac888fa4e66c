"""Simulated reports as web pages, text and Word documents, in the shapes that offices publish."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape

from pipeline.core.model import GridCell
from pipeline.simulate.render import OVERVIEW, STYLE, html_table, text_table
from pipeline.simulate.template import NOTICE, PROSE, TITLE, Template, blank, by_row, laid_out, template, widths

# Shapes of a web page, by number: its true encoding, the one it claims, and how its tables stand.
PAGES = (
    ("utf-8", "utf-8", "plain"),
    ("gb18030", "gb2312", "plain"),
    ("gb18030", "utf-8", "plain"),
    ("utf-8", "gb2312", "nested"),
    ("utf-8", "utf-8", "split"),
    ("gb18030", "gbk", "nested"),
)
TEXTS = ("tabs", "bars")
SPLIT_AT = 14  # the applications table goes on below, under its header again, after so many lines
HEADER = 3
WHEN = (2026, 1, 1, 0, 0, 0)  # in every archive, so that the same report has the same bytes


def web_page(form: str, values: Mapping[str, str], prose: Sequence[str], shape: int) -> bytes:
    """The report as a web page, in one of the shapes of `PAGES`."""
    encoding, declared, tables = PAGES[shape % len(PAGES)]
    paragraphs = "\n".join(f"<p>{escape(p)}</p>" for p in prose)
    filled = _page(form, declared, tables).fill({k: escape(v) for k, v in values.items()} | {PROSE: paragraphs})
    return filled.encode(encoding)


@cache
def _page(form: str, declared: str, shape: str) -> Template:
    title, notice = blank(TITLE), f"<p>{blank(NOTICE)}</p>"
    lines = ["<!DOCTYPE html>", '<html lang="zh-CN">', f'<head><meta charset="{declared}"><title>{title}</title>']
    lines += [f"<style>{STYLE}</style></head>", "<body>", f"<h1>{title}</h1>", notice, f"<h2>{OVERVIEW}</h2>"]
    lines += [blank(PROSE)]
    for table, cells in laid_out(form):
        parts = _split(cells) if shape == "split" and table.code == "applications" else [cells]
        inner = [line for part in parts for line in html_table(part)]
        if shape == "nested":
            inner = ["<table><tr><td>", *inner, "</td></tr></table>"]
        lines += [f"<h2>{escape(table.zh)}</h2>", *inner]
    return template("\n".join([*lines, notice, "</body>", "</html>", ""]))


def _split(cells: Sequence[GridCell]) -> list[list[GridCell]]:
    """A table in two, the second with the header again and its merged cells cut."""
    height = max(c.row + c.rowspan for c in cells)
    return [_kept(cells, range(SPLIT_AT)), _kept(cells, [*range(HEADER), *range(SPLIT_AT, height)])]


def _kept(cells: Sequence[GridCell], rows: Sequence[int]) -> list[GridCell]:
    place = {row: number for number, row in enumerate(rows)}
    kept = []
    for cell in cells:
        stands = [place[r] for r in range(cell.row, cell.row + cell.rowspan) if r in place]
        if stands:
            kept.append(replace(cell, row=stands[0], rowspan=len(stands)))
    return kept


def text_file(form: str, values: Mapping[str, str], prose: Sequence[str], shape: int) -> bytes:
    """The report as text, with tabs or bars between the columns."""
    return _text(form, TEXTS[shape % len(TEXTS)]).fill(dict(values) | {PROSE: "\n".join(prose)}).encode("utf-8")


@cache
def _text(form: str, shape: str) -> Template:
    lines = [blank(TITLE), "", blank(NOTICE), "", OVERVIEW, "", blank(PROSE), ""]
    for table, cells in laid_out(form):
        rows = text_table(cells)
        if shape == "bars":
            rows = [f"| {row.replace(chr(9), ' | ')} |" for row in rows]
        lines += [table.zh, "", *rows, ""]
    return template("\n".join([*lines, blank(NOTICE), ""]))


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="{_PACKAGE}/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def word_document(form: str, values: Mapping[str, str], prose: Sequence[str], _shape: int) -> bytes:
    """The report as DOCX; there is one shape."""
    paragraphs = "".join(_paragraph(escape(p)) for p in prose)
    body = _document(form).fill({k: escape(v) for k, v in values.items()} | {PROSE: paragraphs})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", body)):
            entry = zipfile.ZipInfo(name, WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return out.getvalue()


@cache
def _document(form: str) -> Template:
    parts = [_paragraph(blank(TITLE)), _paragraph(blank(NOTICE)), _paragraph(OVERVIEW), blank(PROSE)]
    for table, cells in laid_out(form):
        parts += [_paragraph(table.zh), _word_table(cells)]
    body = "".join([*parts, _paragraph(blank(NOTICE))])
    return template(
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_WORD}"><w:body>{body}'
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
    )


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _word_table(cells: Sequence[GridCell]) -> str:
    width = widths(cells)
    grid = f'<w:tblGrid>{f"""<w:gridCol w:w="{9000 // width}"/>""" * width}</w:tblGrid>'
    covered = {(r, c.column): c for c in cells for r in range(c.row + 1, c.row + c.rowspan)}
    lines = []
    for number, row in enumerate(by_row(cells)):
        goes_on = [c for (r, _), c in covered.items() if r == number]
        line = sorted(
            [*((c, "restart" if c.rowspan > 1 else "") for c in row), *((c, "continue") for c in goes_on)],
            key=lambda pair: pair[0].column,
        )
        lines.append(f"<w:tr>{''.join(_word_cell(c, merge) for c, merge in line)}</w:tr>")
    return f"<w:tbl><w:tblPr/>{grid}{''.join(lines)}</w:tbl>"


def _word_cell(cell: GridCell, merge: str) -> str:
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    down = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    text = "" if merge == "continue" else cell.text
    return f"<w:tc><w:tcPr>{span}{down}</w:tcPr>{_paragraph(text)}</w:tc>"
