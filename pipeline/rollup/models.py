"""The SQL files of `sql/` as models, in an order in which each follows the models that it reads.

A file of `sql/rollup` is a published table, a file of `sql/publish` a published view. A file of `sql/checks` compares
reports and returns findings. A file of `sql/steps` is an intermediate result that only other models read. The name of a
model is the stem of its file. The first line of a file describes a row (`-- One row per ...`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from pipeline.core.model import ProjectFault
from pipeline.core.paths import SQL
from pipeline.storage.dictionary import LOADED, REGISTERS

FOLDERS = ("steps", "rollup", "publish", "checks")
FIRST_LINE = "-- One row per "
LOOKS_BACK = "-- Looks back one year.\n"
COMPUTED_AGAIN = "-- Each reader computes it again"


@dataclass(frozen=True)
class Model:
    """A SQL file: name, folder, statement, and the tables and views that it reads.

    The rows of a model that looks back also depend on the year before, directly or through a model that it reads.
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

    def kind(self, others: Iterable[Model]) -> str:
        """Return how the rows are kept for the models that read them: a TABLE for a step that several read, or a VIEW.

        The rows of a large step may be computed again in less time and memory than they are kept; its file says so.
        """
        readers = sum(self.name in other.reads for other in others)
        is_kept = self.folder == "steps" and readers > 1 and COMPUTED_AGAIN not in self.sql
        return "TABLE" if is_kept else "VIEW"


@cache
def models(root: Path = SQL) -> tuple[Model, ...]:
    """Return the models in an order in which each follows the models that it reads.

    Raises ProjectFault for a file that is not one SELECT with a first line that describes a row, or that reads a table
    which does not exist.
    """
    unordered = [_model(path) for folder in FOLDERS for path in sorted((root / folder).glob("*.sql"))]
    by_name = {model.name: model for model in unordered}
    for model in unordered:
        if unknown := model.reads - by_name.keys() - set(LOADED) - set(REGISTERS):
            raise ProjectFault("sql.reads", model=model.name, tables=", ".join(sorted(unknown)))
    order = TopologicalSorter({m.name: sorted(m.reads & by_name.keys()) for m in unordered}).static_order()
    ordered = _inherit_look_back([by_name[name] for name in order])
    _check_steps(ordered)
    return tuple(ordered)


def checks_with_sources(others: Iterable[str] = ()) -> list[Model]:
    """Return the checks, the `others`, and the models that they read, in order."""
    ordered = models()
    needed = {model.name for model in ordered if model.folder == "checks"} | set(others)
    for model in reversed(ordered):
        if model.name in needed:
            needed |= model.reads
    return [model for model in ordered if model.name in needed]


def _inherit_look_back(ordered: Sequence[Model]) -> list[Model]:
    looking_back: set[str] = set()
    result = []
    for model in ordered:
        looks_back = model.looks_back or bool(model.reads & looking_back)
        looking_back |= {model.name} if looks_back else set()
        result.append(replace(model, looks_back=looks_back))
    return result


def _check_steps(ordered: Sequence[Model]) -> None:
    """Raise ProjectFault for a step that sees one year if a model that needs two years reads it."""
    steps = {model.name for model in ordered if model.folder == "steps" and not model.looks_back}
    for model in ordered:
        if model.looks_back and (wrong := model.reads & steps):
            raise ProjectFault("sql.look_back", model=model.name, steps=", ".join(sorted(wrong)), line=LOOKS_BACK)


def _model(path: Path) -> Model:
    text = path.read_text(encoding="utf-8")
    try:
        statements = duckdb.extract_statements(text)
        is_one_select = [s.type for s in statements] == [duckdb.StatementType.SELECT]
    except duckdb.ParserException as fault:
        raise ProjectFault("sql.broken", file=path.name, error=fault) from fault
    if not text.startswith(FIRST_LINE) or not is_one_select:
        raise ProjectFault("sql.one_select", file=path.name, line=FIRST_LINE)
    return Model(path.stem, path.parent.name, text, frozenset(duckdb.get_table_names(text)), LOOKS_BACK in text)
