"""The SQL files of `sql/` as models, each after those that it reads.

A file of `sql/rollup` is a published table, one of `sql/publish` a published view. One of `sql/checks` gives findings
that compare reports. One of `sql/steps` is an intermediate result that only other models read. The stem of the file is
its name. Its first line says what a row is (`-- One row per ...`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from pipeline.core.model import ProjectFault
from pipeline.core.paths import SQL
from pipeline.storage.dictionary import LOADED, REGISTERS

FOLDERS = ("steps", "rollup", "publish", "checks")
FIRST_LINE = "-- One row per "
LOOKS_BACK = "-- Looks back one year.\n"


@dataclass(frozen=True)
class Model:
    """A SQL file: name, folder, statement, and the tables and views that it reads.

    A model that looks back has rows that depend on the year before too, itself or through a table that it reads.
    """

    name: str
    folder: str
    sql: str
    reads: frozenset[str]
    looks_back: bool

    @property
    def identity(self) -> str:
        """The identity that a check tests: `year.carry` for `year_carry.sql`."""
        return self.name.replace("_", ".", 1)


def models(root: Path = SQL) -> tuple[Model, ...]:
    """Return the models in an order in which each follows what it reads.

    Raises ProjectFault for a file that is not one SELECT under a line that says what a row is, or that reads a table
    which does not exist.
    """
    found = [_model(path) for folder in FOLDERS for path in sorted((root / folder).glob("*.sql"))]
    by_name = {model.name: model for model in found}
    for model in found:
        if unknown := model.reads - by_name.keys() - set(LOADED) - set(REGISTERS):
            raise ProjectFault(f"sql: {model.name} reads {sorted(unknown)}, which nothing makes")
    order = TopologicalSorter({m.name: sorted(m.reads & by_name.keys()) for m in found}).static_order()
    ordered = _inherit_look_back([by_name[name] for name in order])
    _check_steps(ordered)
    return tuple(ordered)


def checks_with_sources() -> list[Model]:
    """Return the checks and the models that they read, in order."""
    found = models()
    needed = {model.name for model in found if model.folder == "checks"}
    for model in reversed(found):
        if model.name in needed:
            needed |= model.reads
    return [model for model in found if model.name in needed]


def _inherit_look_back(ordered: Sequence[Model]) -> list[Model]:
    looking_back: set[str] = set()
    result = []
    for model in ordered:
        looks_back = model.looks_back or bool(model.reads & looking_back)
        looking_back |= {model.name} if looks_back else set()
        result.append(replace(model, looks_back=looks_back))
    return result


def _check_steps(found: Sequence[Model]) -> None:
    """Raise ProjectFault for a step that sees one year, and is read by a model that needs two."""
    steps = {model.name for model in found if model.folder == "steps" and not model.looks_back}
    for model in found:
        if model.looks_back and (wrong := model.reads & steps):
            raise ProjectFault(f"sql: {model.name} looks back, so {sorted(wrong)} must look back too: {LOOKS_BACK}")


def _model(path: Path) -> Model:
    text = path.read_text(encoding="utf-8")
    try:
        statements = duckdb.extract_statements(text)
        is_one_select = [s.type for s in statements] == [duckdb.StatementType.SELECT]
    except duckdb.ParserException as fault:
        raise ProjectFault(f"{path.name}: {fault}") from fault
    if not text.startswith(FIRST_LINE) or not is_one_select:
        raise ProjectFault(f"{path.name}: must be one SELECT under a line that says what a row is ({FIRST_LINE}...)")
    return Model(path.stem, path.parent.name, text, frozenset(duckdb.get_table_names(text)), LOOKS_BACK in text)
