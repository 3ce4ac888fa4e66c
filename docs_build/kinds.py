"""The page of the kinds of report other than the annual one: their numbers and edits."""

from __future__ import annotations

from collections.abc import Iterator

from docs_build.markdown import code, page, table, text
from pipeline.core.kind import Kind
from pipeline.registry.load import load_register

LEAD = """The kinds of report that come with ogi, from `pipeline/kinds/`. The address of a number is `table/row/column`.
[Other kinds of report](../guide/kinds.md) explains how they are used."""
ROWS = ("address", "标签", "label", "unit", "over a year", "annual report")
EDITS = ("id", "规则", "rule", "severity", "source")


def kinds_page() -> str:
    """Return the page: per kind its numbers, then its edits, lists and attributes."""
    kinds = load_register().kinds.values()
    return page("Kinds of report", LEAD, [section for kind in kinds for section in _kind_sections(kind)])


def _kind_sections(kind: Kind) -> Iterator[str]:
    yield f"## {kind.code}\n"
    yield f"{text(kind.zh)}; {text(kind.en)}. One report per {kind.period}. Source: {text(kind.source)}.\n"
    if kind.owed:
        yield f"Owed by: {', '.join(kind.owed.levels)}, from {kind.owed.first_year}. {text(kind.owed.source or '')}.\n"
    yield table(ROWS, list(_rows(kind)))
    edits = kind.form.identities
    yield table(EDITS, [(code(e.id), text(e.zh), text(e.en), e.severity, text(e.source)) for e in edits])
    for entry in kind.entries:
        columns = ", ".join(code(column) for column in entry.columns)
        yield f"List {code(entry.code)}: {text(entry.zh)}; {text(entry.en)}. Columns: {columns}.\n"
    if kind.attributes:
        yield f"Attributes: {', '.join(map(code, kind.attributes))}.\n"


def _rows(kind: Kind) -> Iterator[tuple[str, ...]]:
    """Yield the address, labels, unit and meaning over a year of each number."""
    for address in kind.form.addresses():
        table_code, row, column = address.split("/")
        own = kind.form.tables[table_code]
        labels = [own.rows[row], *([own.columns[column]] if len(own.columns) > 1 else [])]
        zh, en = (text(" · ".join(getattr(label, lang) for label in labels)) for lang in ("zh", "en"))
        indicator = kind.indicators[row]
        annual = code(indicator.annual) if indicator.annual else ""
        yield code(address), zh, en, text(own.units[row, column]), indicator.measure, annual
