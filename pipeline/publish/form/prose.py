"""The prose of a filled form, from a template that the clerk can edit: lines of text with {placeholders}.

`# ` opens the title, `## ` a heading, `<!-- ` a line that is not printed; a table's name alone in a line stands for the
table. A figure that is not known prints 〔缺数〕.
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
from pipeline.publish.form.fill import FilledForm, FormCell, marked, printed

MISSING = "〔缺数〕"
LARGEST = 1_000_000  # bytes of a template
# Nothing computes it: it is the share of two figures that the office may count in another way.
NOT_OFFERED = frozenset({"disclosed.normative_documents_share"})
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True)
class Block:
    """A part of the document in reading order: `title`, `banner` (of a simulated form), `note` (where the figures come
    from), `heading`, `text`, or a `table` of the form.
    """

    kind: str
    text: str = ""
    table: Table | None = None


def shipped_template() -> str:
    """The template that is used where none is given."""
    return files("pipeline.publish").joinpath("templates/report.md").read_text(encoding="utf-8")


def read_template(path: Path | None) -> str:
    """A clerk's template, or the shipped one. Raises DataFault for a file that is no text."""
    if path is None:
        return shipped_template()
    try:
        if path.stat().st_size > LARGEST:
            raise DataFault("compile.template_size", path=path)
        if not path.is_file():  # a pipe might never end
            raise DataFault("compile.template_unreadable", path=path, error=os.strerror(errno.EINVAL))
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFault("compile.template_unreadable", path=path, error=error) from error


def compose(filled: FilledForm, template: str) -> Sequence[Block]:
    """The blocks of the document: title, banner, notes, then what the template says. Raises DataFault for a placeholder
    that is not known, and for a template that leaves out a table or places it twice.
    """
    tables = {t.code: t for t in filled.form.printed_tables}
    values = _values(filled)
    _check(template, tables, values)
    lines = [line.strip() for line in _clean(template).splitlines()]
    blocks = [_block(line, tables, values) for line in lines if line and not line.startswith("<!--")]
    title = next((b.text for b in blocks if b.kind == "title"), _clean(filled.title))
    banner = [Block("banner", filled.banner)] if filled.banner else []
    notes = [Block("note", _clean(note)) for note in filled.notes]
    return [Block("title", marked(title, filled)), *banner, *notes, *(b for b in blocks if b.kind != "title")]


def _check(template: str, tables: Mapping[str, Table], values: Mapping[str, str]) -> None:
    lines = [line.strip() for line in template.splitlines() if not line.strip().startswith("<!--")]
    named = [name.strip() for line in lines for name in _PLACEHOLDER.findall(line)]
    unknown = [n for n in dict.fromkeys(named) if n not in values and n not in tables]
    if unknown:
        raise DataFault(
            "compile.placeholder",
            names="、".join(f"{{{n}}}" for n in unknown),
            known="、".join(v for v in values if "/" not in v),
        )
    alone = [line[1:-1].strip() for line in lines if line.startswith("{") and line[1:-1].strip() in tables]
    for code in tables:
        if alone.count(code) != 1 or named.count(code) != 1:
            raise DataFault("compile.template_table", table=f"{{{code}}}")


def _block(line: str, tables: Mapping[str, Table], values: Mapping[str, str]) -> Block:
    name = line[1:-1].strip()
    if line.startswith("{") and name in tables:
        return Block("table", table=tables[name])
    kind = "title" if line.startswith("# ") else "heading" if line.startswith("##") else "text"
    # One pass, so that a value is never taken for a placeholder.
    return Block(kind, _PLACEHOLDER.sub(lambda m: values[m[1].strip()], line.lstrip("# ") if kind != "text" else line))


def _clean(text: str) -> str:
    """Without characters that no document may hold, and such as only turn the order of what is read."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn"))


def _name(row: str) -> str:
    return row.replace(".", "_")


def _values(filled: FilledForm) -> Mapping[str, str]:
    """What each placeholder prints: the body, the years, every figure of the prose, every cell by its address."""
    values = {"body": _clean(filled.body), "year": str(filled.year), "prior_year": str(filled.year - 1)}
    for address, cell in filled.cells.items():
        table, row, _ = address.split("/")
        values[address] = _figure(cell)
        if table == "narrative" and row not in NOT_OFFERED:
            values[_name(row)] = _growth(cell) if row.endswith("growth") else _figure(cell)
    return values


def _figure(cell: FormCell) -> str:
    if cell.value is None:
        return MISSING
    return ("约" if cell.approximate else "") + printed(cell.value)


def _growth(cell: FormCell) -> str:
    """As a sentence says it: 增长79%, 下降4.3%."""
    if cell.value is None:
        return MISSING
    return ("下降" if cell.value < 0 else "增长") + printed(abs(cell.value)) + "%"
