"""The document of a filled form, from a template that the clerk can edit: lines of text with {placeholders}.

`# ` begins the title, `## ` a heading, `### ` a heading below it, `> ` a line of the signature, `<!-- ` a line that is
not printed. A line that has only the code of a table, such as {applications}, is replaced by the table. Words in square
brackets are left out if one of their own figures is unknown; brackets may contain brackets. Elsewhere an unknown
figure prints 〔缺数〕.
"""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from pipeline.core.form import Table, forms
from pipeline.core.model import DataFault
from pipeline.publish.form.fill import FilledForm, FormCell, mark_simulated, plain_number
from pipeline.publish.form.prose import growth_text, share_texts

MISSING_FIGURE = "〔缺数〕"
UNWRITTEN = "（由填报人员填写）"  # below a heading of the template without any known figure
MAX_TEMPLATE_BYTES = 1_000_000
# No table gives this share: an office may count its two figures in other ways.
OMITTED_PROSE_ROWS = frozenset({"disclosed.normative_documents_share"})
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_OPTIONAL_WORDS = re.compile(r"\[([^\[\]]*\{[^\[\]]*)\]")  # the innermost brackets around a placeholder
_MARKS = {"# ": "title", "## ": "heading", "### ": "subheading", "> ": "signature"}
# Control and format characters, surrogates, unassigned code points: documents must not hold them, or they only change
# the direction of the text around them.
_UNPRINTABLE_CATEGORIES = ("Cc", "Cf", "Cs", "Cn")


@dataclass(frozen=True)
class DocumentBlock:
    """A paragraph or table of the document. Only a block of kind `table` has a table, only a block of kind `list` rows.

    The kinds: `title`, `banner` (the warning on a simulated or partial form), `heading`, `subheading`, `text`, `table`,
    `signature`, and in explanations `list`: rows of texts; the first row has the headings.
    """

    kind: str
    text: str = ""
    table: Table | None = None
    rows: tuple[tuple[str, ...], ...] = ()


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


def compose(filled: FilledForm, template: str, signed_on: date | None = None) -> Sequence[DocumentBlock]:
    """Return the blocks of the document: title, banner, then the content of the template.

    Without `signed_on`, the day of the signature stays blank.

    Raises DataFault for an unknown placeholder, and for a template that does not contain each table exactly once.
    """
    tables = {t.code: t for t in filled.form.printed_tables}
    values = {**_placeholder_values(filled), "date": _date_text(filled, signed_on)}
    lines = [line.strip() for line in printable(template).splitlines()]
    printed_lines = [line for line in lines if line and not line.startswith("<!--")]
    _check_lines(printed_lines, tables, values)
    shown_lines = _without_headings_alone([shown for line in printed_lines if (shown := _choose_words(line, values))])
    blocks = [_block(line, tables, values) for line in shown_lines]
    title = next((b.text for b in blocks if b.kind == "title"), printable(filled.title))
    banner = [DocumentBlock("banner", filled.banner)] if filled.banner else []
    content = [b for b in blocks if b.kind != "title"]
    return [DocumentBlock("title", mark_simulated(title, filled)), *banner, *content]


def _choose_words(line: str, values: Mapping[str, str]) -> str:
    """Return the line without the words in brackets that name an unknown figure, and without the brackets of others.

    Brackets around words without a figure are kept, because they are part of the text.
    """

    def choose(match: re.Match[str]) -> str:
        names = (name.strip() for name in _PLACEHOLDER.findall(match[1]))
        return "" if any(values[name] == MISSING_FIGURE for name in names) else match[1]

    previous = ""
    while line != previous:
        previous, line = line, _OPTIONAL_WORDS.sub(choose, line)
    return line.strip()


def _without_headings_alone(lines: Sequence[str]) -> list[str]:
    """Return the lines, with the request to write below each lower heading that no line follows."""
    shown = list[str]()
    for line, following in zip(lines, [*lines[1:], "# "], strict=True):
        shown.append(line)
        if line.startswith("### ") and following.startswith("#"):
            shown.append(UNWRITTEN)
    return shown


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
    mark = next((mark for mark in _MARKS if line.startswith(mark)), "")
    kind, text = _MARKS.get(mark, "text"), line.removeprefix(mark).strip()
    # One substitution for all placeholders, so that braces in a value are never taken for a placeholder.
    return DocumentBlock(kind, _PLACEHOLDER.sub(lambda match: values[match[1].strip()], text))


def printable(text: str) -> str:
    """Return the text without unprintable characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _UNPRINTABLE_CATEGORIES)


def _placeholder_values(filled: FilledForm) -> Mapping[str, str]:
    """Return the printed text per placeholder: body, years, figures and shares of the prose, and cells by address.

    A cell of another form is an unknown figure, so that one template serves all forms.
    """
    values = {address: MISSING_FIGURE for form in forms().values() for address in form.addresses()}
    values |= {"body": printable(filled.body), "short_body": printable(filled.short_body), "scope": filled.scope}
    values |= {"year": str(filled.year), "prior_year": str(filled.year - 1), "next_year": str(filled.year + 1)}
    values |= {name: text or MISSING_FIGURE for name, text in share_texts(filled).items()}
    for address, cell in filled.cells.items():
        table, row, _ = address.split("/")
        values[address] = _figure_text(cell)
        if table == "narrative" and row not in OMITTED_PROSE_ROWS:
            text = growth_text(cell.value) if row.endswith("growth") else _figure_text(cell)
            values[row.replace(".", "_")] = text or MISSING_FIGURE
    return values


def _date_text(filled: FilledForm, signed_on: date | None) -> str:
    """Return the date of the signature, with blanks for a person to fill in if it is unknown."""
    if signed_on is None:
        return f"{filled.year + 1}年　月　日"
    return f"{signed_on.year}年{signed_on.month}月{signed_on.day}日"


def _figure_text(cell: FormCell) -> str:
    """Return a figure for a sentence: 约265 for an approximate one, the mark of a missing figure for an unknown one."""
    if cell.value is None:
        return MISSING_FIGURE
    return ("约" if cell.approximate else "") + plain_number(cell.value)
