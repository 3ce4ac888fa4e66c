"""The SQL files of `sql/` as models, each after those that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from pipeline.core.model import ProjectFault
from pipeline.core.paths import SQL
from pipeline.storage.schema import BASE, REGISTERS

COMPARING = ("carry", "growth")  # the tables whose rows look at the year before


@dataclass(frozen=True)
class Model:
    """A SQL file: its name, whether it is a table, view or check, its statement, and the relations it reads; and
    whether a row may depend on the year before, as those of all checks may.
    """

    name: str
    kind: str
    sql: str
    reads: frozenset[str]
    compares: bool


def models(root: Path = SQL) -> tuple[Model, ...]:
    """The models of `rollup`, `publish` and `checks` in an order in which each follows what it reads.

    Raises ProjectFault for a file that is not one SELECT with a comment above it, or reads what does not exist.
    """
    found = [
        _model(path) for folder in ("rollup", "publish", "checks") for path in sorted((root / folder).glob("*.sql"))
    ]
    by_name = {m.name: m for m in found}
    for model in found:
        unknown = model.reads - set(by_name) - set(BASE) - set(REGISTERS)
        if unknown:
            raise ProjectFault(f"sql: {model.name} reads {sorted(unknown)}, which nothing makes")
    order = TopologicalSorter({m.name: sorted(m.reads & set(by_name)) for m in found}).static_order()
    return tuple(_with_comparisons([by_name[name] for name in order]))


def _with_comparisons(found: Sequence[Model]) -> Iterator[Model]:
    """The models; what reads one that compares does so too."""
    comparing = set(COMPARING)
    for model in found:
        compares = model.kind == "checks" or model.name in comparing or bool(model.reads & comparing)
        comparing |= {model.name} if compares else set()
        yield replace(model, compares=compares)


def _model(path: Path) -> Model:
    text = path.read_text(encoding="utf-8")
    try:
        statements = duckdb.extract_statements(text)
        alone = len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT
    except duckdb.ParserException as fault:
        raise ProjectFault(f"{path.name}: {fault}") from fault
    if not text.startswith("-- One row ") or not alone:
        raise ProjectFault(f"{path.name}: must be one SELECT under a line that says what a row is (-- One row ...)")
    return Model(path.stem, path.parent.name, text, frozenset(duckdb.get_table_names(text)), compares=False)


def behind_checks() -> list[Model]:
    """The checks and what they read, in order."""
    found = models()
    needed = {m.name for m in found if m.kind == "checks"}
    for model in reversed(found):
        if model.name in needed:
            needed |= model.reads
    return [m for m in found if m.name in needed]
