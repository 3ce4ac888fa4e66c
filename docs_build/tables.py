"""The page of the data dictionary: tables, columns, keys, references and views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from docs_build.markdown import code, first_comment, page, table, text
from pipeline.core.paths import SQL
from pipeline.rollup.models import models
from pipeline.storage.allowed import allowed_values
from pipeline.storage.dictionary import LOADED, REGISTERS, descriptions, dictionary
from pipeline.storage.schema import schema

LEAD = """The published tables, from `pipeline/reference/columns.csv`. A loaded table holds what the reports print. A
mart is computed from them by `sql/rollup/`. A register comes from `pipeline/reference/` and from the office's own files
in `data/raw/`. Every column without *yes* under *null* has a value in each row."""
DIAGRAM = """## References

![The tables with their keys, and the references between them](tables.svg)

The diagram shows the key of each table. Each line below is a foreign key; `ogi export frictionless` writes the same.
"""
HEAD = ("column", "type", "key", "null", "values", "references", "说明", "description")
KINDS = {"loaded": "Loaded tables", "mart": "Marts", "register": "Registers"}


def kind_of(name: str) -> str:
    """Return whether a table is loaded, a mart or a register."""
    return "register" if name in REGISTERS else "loaded" if name in LOADED else "mart"


def references() -> list[tuple[str, str, str]]:
    """Return table, column and referenced `table.column` of each reference."""
    lines = [line for columns in dictionary().values() for line in columns if line["references"]]
    return [(line["table"], line["column"], line["references"]) for line in lines]


def tables_page() -> str:
    """Return the page: a section per table and view, and the references between tables."""
    sections = [DIAGRAM, table(("table", "column", "references"), [tuple(map(code, r)) for r in references()])]
    for kind, title in KINDS.items():
        sections.append(f"## {title}\n")
        for name in dictionary():
            if kind_of(name) == kind:
                sections += _table_sections(name)
    return page("Tables and columns", LEAD, [*sections, "## Views\n", *_view_sections()])


def _table_sections(name: str) -> Iterator[str]:
    description = descriptions()[name]
    yield f"### {name}\n"
    yield f"{text(description['zh'])}\n\n{text(description['en'])}.\n"
    if (SQL / "rollup" / f"{name}.sql").is_file():
        yield f"Made by `sql/rollup/{name}.sql`.\n"
    yield table(HEAD, [_column_row(line) for line in dictionary()[name]])


def _column_row(line: Mapping[str, str]) -> tuple[str, ...]:
    return (
        code(line["column"]), line["type"], "key" if line["key"] else "", line["nullable"],
        ", ".join(code(value) for value in allowed_values(line) or ()), code(line["references"]),
        text(line["zh"]), text(line["en"]),
    )  # fmt: skip


def _view_sections() -> Iterator[str]:
    """Yield a section per view of `sql/publish`: its first line and its columns, as DuckDB returns them."""
    with duckdb.connect() as connection:
        for name in dictionary():
            connection.register(name, schema(name).empty_table())
        for model in models():
            if model.folder in ("steps", "publish"):
                connection.execute(f"CREATE VIEW {model.name} AS {model.sql}")
            if model.folder == "publish":
                yield f"### {model.name}\n"
                yield text(first_comment(SQL / "publish" / f"{model.name}.sql")) + "\n"
                yield f"Made by `sql/publish/{model.name}.sql`.\n"
                columns = connection.execute(f"DESCRIBE {model.name}").fetchall()
                yield table(("column", "type"), [(code(column[0]), column[1]) for column in columns])
