"""The document of a filled form, from a template that the clerk can edit: lines of text with {placeholders}.

`# ` begins the title, `## ` a heading, `<!-- ` a line that is not printed. A line that has only the code of a
table, such as {applications}, is replaced by the table. An unknown figure prints 〔缺数〕.
"""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pipeline.core.form import Table
from pipeline.core.model import DataFault
from pipeline.publish.form.fill import FilledForm, FormCell, mark_simulated, plain_number

MISSING_FIGURE = "〔缺数〕"
MAX_TEMPLATE_BYTES = 1_000_000
# No table gives this share: an office may count its two figures in other ways.
OMITTED_PROSE_ROWS = frozenset({"disclosed.normative_documents_share"})
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
# Control and format characters, surrogates, unassigned code points: documents must not hold them, or they only change
# the direction of the text around them.
_UNPRINTABLE_CATEGORIES = ("Cc", "Cf", "Cs", "Cn")


@dataclass(frozen=True)
class DocumentBlock:
    """A paragraph or table of the document. Only a block of kind `table` has a table.

    The kinds: `title`, `banner` (the warning on a simulated or partial form), `note` (the source of the figures),
    `heading`, `text` and `table`.
    """

    kind: str
    text: str = ""
    table: Table | None = None


def shipped_template() -> str:
    """Return the template for users who give none: `templates/report.md`."""
    return files("pipeline.publish").joinpath("templates/report.md").read_text(encoding="utf-8")


def read_template(path: Path | None) -> str:
    """Return the clerk's template, or the shipped one for None.

    Raises DataFault for a file that is too large, cannot be read, is not a regular file or is not UTF-8.
    """
    if path is None:
        return shipped_template()
    try:
        if path.stat().st_size > MAX_TEMPLATE_BYTES:
            raise DataFault("compile.template_size", path=path)
        if not path.is_file():  # a pipe might never end
            raise DataFault("compile.template_unreadable", path=path, error=os.strerror(errno.EINVAL))
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFault("compile.template_unreadable", path=path, error=error) from error


def compose(filled: FilledForm, template: str) -> Sequence[DocumentBlock]:
    """Return the blocks of the document: title, banner, notes, then the content of the template.

    Raises DataFault for an unknown placeholder, and for a template that does not contain each table exactly once.
    """
    tables = {t.code: t for t in filled.form.printed_tables}
    values = _placeholder_values(filled)
    lines = [line.strip() for line in _printable(template).splitlines()]
    printed_lines = [line for line in lines if line and not line.startswith("<!--")]
    _check_lines(printed_lines, tables, values)
    blocks = [_block(line, tables, values) for line in printed_lines]
    title = next((b.text for b in blocks if b.kind == "title"), _printable(filled.title))
    banner = [DocumentBlock("banner", filled.banner)] if filled.banner else []
    notes = [DocumentBlock("note", _printable(note)) for note in filled.notes]
    content = [b for b in blocks if b.kind != "title"]
    return [DocumentBlock("title", mark_simulated(title, filled)), *banner, *notes, *content]


def _check_lines(lines: Sequence[str], tables: Mapping[str, Table], values: Mapping[str, str]) -> None:
    """Raise DataFault for an unknown placeholder, and for a table that is missing, repeated or inside other text."""
    placeholders = [name.strip() for line in lines for name in _PLACEHOLDER.findall(line)]
    unknown = [name for name in dict.fromkeys(placeholders) if name not in values and name not in tables]
    if unknown:
        raise DataFault(
            "compile.placeholder",
            names="、".join(f"{{{name}}}" for name in unknown),
            known="、".join(name for name in values if "/" not in name),
        )
    table_lines = [line[1:-1].strip() for line in lines if line.startswith("{") and line[1:-1].strip() in tables]
    for code in tables:
        if table_lines.count(code) != 1 or placeholders.count(code) != 1:
            raise DataFault("compile.template_table", table=f"{{{code}}}")


def _block(line: str, tables: Mapping[str, Table], values: Mapping[str, str]) -> DocumentBlock:
    """Return the block for a line of the template, with its placeholders filled."""
    name = line[1:-1].strip()
    if line.startswith("{") and name in tables:
        return DocumentBlock("table", table=tables[name])
    kind = "title" if line.startswith("# ") else "heading" if line.startswith("##") else "text"
    text = line if kind == "text" else line.lstrip("# ")
    # One substitution for all placeholders, so that braces in a value are never taken for a placeholder.
    return DocumentBlock(kind, _PLACEHOLDER.sub(lambda match: values[match[1].strip()], text))


def _printable(text: str) -> str:
    """Return the text without unprintable characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _UNPRINTABLE_CATEGORIES)


def _placeholder_values(filled: FilledForm) -> Mapping[str, str]:
    """Return the printed text per placeholder: body, years, each figure of the prose, and each cell by its address."""
    values = {"body": _printable(filled.body), "year": str(filled.year), "prior_year": str(filled.year - 1)}
    for address, cell in filled.cells.items():
        table, row, _ = address.split("/")
        values[address] = _figure_text(cell)
        if table == "narrative" and row not in OMITTED_PROSE_ROWS:
            text = _growth_text(cell) if row.endswith("growth") else _figure_text(cell)
            values[row.replace(".", "_")] = text
    return values


def _figure_text(cell: FormCell) -> str:
    """Return a figure for a sentence: 约265 for an approximate one, the mark of a missing figure for an unknown one."""
    if cell.value is None:
        return MISSING_FIGURE
    return ("约" if cell.approximate else "") + plain_number(cell.value)


def _growth_text(cell: FormCell) -> str:
    """Return a growth in percent in the words of a sentence: 增长79%, 下降4.3%."""
    if cell.value is None:
        return MISSING_FIGURE
    return ("下降" if cell.value < 0 else "增长") + plain_number(abs(cell.value)) + "%"
