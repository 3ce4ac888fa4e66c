"""The assertions: queries over the tables of a snapshot that must return no rows.

An assertion is a file of `sql/assertions`, named after the condition that must hold. Its first comment says what a
returned row is, and the second its severity: an `error` prevents publication, a `warning` is shown. The reason is the
message `assertion.<name>`. Others are generated from the data dictionary, see `generated_assertions`. A query sees the
tables of the checked years, all registers, the table `checked_years`, and the files of `sql/assertions/steps`, which
are intermediate results. The tables in the schema `earlier` have the year before each checked year too.

A file with the line `-- Within one body.` compares only rows of one body and of the bodies that it followed (its
lineage), and its result is the same for each lineage alone. So a run can test it on the bodies whose rows changed.

An assertion computes its result in another way than the roll-up, so that one mistake is not made twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from pipeline.core.model import ProjectFault
from pipeline.core.paths import SQL
from pipeline.validate.generated_assertions import (
    REGISTERS_OF_PROGRAM,
    position_queries,
    reference_queries,
    register_queries,
    year_queries,
)

FIRST_LINE = "-- One row per "
SEVERITIES = ("error", "warning")
WITHIN = "-- Within one body.\n"
EARLIER = "earlier."  # the schema of the tables that also have the year before each checked year


@dataclass(frozen=True)
class Query:
    """A query of an assertion or of a step, and the tables and steps that it reads, also through other steps."""

    name: str
    sql: str
    reads: frozenset[str]
    looks_back: bool


@dataclass(frozen=True)
class Assertion(Query):
    """A query that must return no rows. `severity` is `error` or `warning`."""

    severity: str = "error"

    @property
    def is_within_body(self) -> bool:
        """Whether the bodies whose rows are as in a valid snapshot cannot violate it."""
        return WITHIN in self.sql and self.severity == "error"  # a warning is counted again

    @property
    def reason_code(self) -> str:
        """The code of the message with the reason. Generated assertions of one kind share it."""
        return f"assertion.{self.name.partition(':')[0]}"

    @property
    def compares_with_program(self) -> bool:
        """Whether the query compares the snapshot with files of this version of ogi."""
        return self.name.startswith(REGISTERS_OF_PROGRAM)


@cache
def steps(root: Path = SQL) -> tuple[Query, ...]:
    """Return the intermediate results in an order in which each follows those that it reads."""
    texts = {path.stem: _read(path) for path in sorted((root / "assertions" / "steps").glob("*.sql"))}
    direct = {name: _table_names(text) for name, text in texts.items()}
    order = TopologicalSorter({name: sorted(reads & texts.keys()) for name, reads in direct.items()}).static_order()
    made: dict[str, Query] = {}
    for name in order:
        made[name] = Query(name, texts[name], *_sources(texts[name], made.values()))
    return tuple(made.values())


@cache
def assertions(root: Path = SQL) -> tuple[Assertion, ...]:
    """Return the assertions: the files in the order of their names, then the generated ones.

    Raises ProjectFault for a file without a first line that describes a row, or without a severity.
    """
    files = (_from_file(path) for path in sorted((root / "assertions").glob("*.sql")))
    generated = {**reference_queries(), **position_queries(), **year_queries(), **register_queries()}
    return (*files, *(_assertion(name, sql, "error") for name, sql in generated.items()))


def earlier_tables() -> list[str]:
    """Return the tables that the schema `earlier` needs."""
    texts = (query.sql for query in (*steps(), *assertions()))
    return sorted({name for text in texts for name in re.findall(r"\bearlier\.(\w+)", text)})


def _from_file(path: Path) -> Assertion:
    text = _read(path)
    severity = text.split("-- Severity: ", 1)[-1].partition(".")[0]
    if severity not in SEVERITIES:
        raise ProjectFault("sql.severity", file=path.name)
    return _assertion(path.stem, text, severity)


def _assertion(name: str, sql: str, severity: str) -> Assertion:
    return Assertion(name, sql, *_sources(sql, steps()), severity)


def _sources(sql: str, earlier_steps: Iterable[Query]) -> tuple[frozenset[str], bool]:
    """Return the tables and steps that a query reads, and whether it looks back, directly or through a step."""
    direct = _table_names(sql)
    used = [step for step in earlier_steps if step.name in direct]
    reads = direct.union(*(step.reads for step in used))
    return reads, EARLIER in sql or any(step.looks_back for step in used)


def _table_names(sql: str) -> frozenset[str]:
    """Return the names after FROM and JOIN. DuckDB would parse them in 3 ms per query."""
    return frozenset(re.findall(r"\b(?:FROM|JOIN)\s+(?:earlier\.)?(\w+)", sql))


def _read(path: Path) -> str:
    """Return the text of a file. Raises ProjectFault if its first line does not describe a row."""
    text = path.read_text(encoding="utf-8")
    if not text.startswith(FIRST_LINE):
        raise ProjectFault("sql.first_line", file=path.name, line=FIRST_LINE)
    return text
