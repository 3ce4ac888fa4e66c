"""The timed work in DuckDB: plain scans, ogi's own SQL, and screening. Each function gets the folder of the country."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.core.form import forms
from pipeline.core.paths import quoted
from pipeline.edit.screen_files import screen_cells
from pipeline.rollup.models import Model, models
from pipeline.storage.schema import empty_select

THREADS = 2
REGISTERS = ("bodies", "indicators", "successions", "crosswalk")
YEARLY_TABLES = ("observations", "due", "contributors")
MEASURED_YEAR = 2020  # of the work on one year
# The columns of `observations` that a sum over members reads, and those that compiled.sql reads.
SUM_COLUMNS = ("total_id", "value")
ROLLUP_COLUMNS = (
    *SUM_COLUMNS, "body_id", "year", "indicator", "applicant", "series", "obs_status", "in_doubt", "implied",
    "provenance",
)  # fmt: skip


def connect(folder: Path, *years: int) -> duckdb.DuckDBPyConnection:
    """Return a connection with two threads and views on the simulated files, of all years if none is given."""
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    for table in REGISTERS:
        create_view(connection, table, (folder / table).glob("*.parquet"))
    view_years(connection, folder, *years)
    return connection


def view_years(connection: duckdb.DuckDBPyConnection, folder: Path, *years: int) -> None:
    """Create the views on the tables of the years again, with some years only; all years if none is given."""
    for table in YEARLY_TABLES:
        stems = years or ("*",)
        create_view(connection, table, (p for stem in stems for p in (folder / table).glob(f"{stem}-*.parquet")))


def create_view(connection: duckdb.DuckDBPyConnection, name: str, files: Iterable[Path]) -> None:
    """Create or replace a view on some files of a table."""
    paths = ", ".join(f"'{quoted(path)}'" for path in sorted(files))
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet([{paths}])")


def prepare_model(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Create the steps that a model of sql/rollup reads; return the statement of the model.

    As in `ogi run`, a step becomes a table or a view.
    """
    by_name = {model.name: model for model in models()}
    for step in _steps_of(by_name[name], by_name.values()):
        connection.execute(f"CREATE TEMP {step.kind(by_name.values())} {step.name} AS {step.sql}")
    return by_name[name].sql


def _steps_of(model: Model, ordered: Iterable[Model]) -> list[Model]:
    """Return the steps that a model reads, directly or through other steps, in an order in which they can be made."""
    names, steps = set(model.reads), []
    for step in reversed([other for other in ordered if other.folder == "steps"]):
        if step.name in names:
            names |= step.reads
            steps.append(step)
    return steps[::-1]


def scan_sum_columns(folder: Path) -> None:
    """Decode and hash every value of the columns that a sum reads."""
    _scan(folder, SUM_COLUMNS)


def scan_rollup_columns(folder: Path) -> None:
    """Decode and hash every value of the columns that compiled.sql reads."""
    _scan(folder, ROLLUP_COLUMNS)


def _scan(folder: Path, columns: tuple[str, ...]) -> None:
    with connect(folder) as connection:
        connection.execute(f"SELECT bit_xor(hash({', '.join(columns)})) FROM observations").fetchall()


def sum_members(folder: Path) -> None:
    """Sum the members of each city, as the other libraries do."""
    with connect(folder) as connection:
        connection.execute(
            "CREATE TABLE totals AS SELECT total_id, sum(value) AS value FROM observations "
            "GROUP BY total_id HAVING total_id IS NOT NULL"
        )


def run_compiled(folder: Path) -> None:
    """Run sql/rollup/compiled.sql and its steps for all years; write the rows, which the work on growth reads."""
    (folder / "compiled").mkdir(exist_ok=True)
    target = quoted(folder / "compiled" / "all.parquet")
    with connect(folder) as connection:
        statement = prepare_model(connection, "compiled")
        connection.execute(f"COPY ({statement}) TO '{target}' (COMPRESSION zstd)")


def run_city_growth(folder: Path) -> None:
    """Run sql/rollup/growth.sql and its steps on the city totals of all years, without observations."""
    with connect(folder) as connection:
        create_view(connection, "compiled", (folder / "compiled").glob("*.parquet"))
        connection.execute(f"CREATE OR REPLACE VIEW observations AS {empty_select('observations')}")
        connection.execute(f"CREATE TABLE growth AS {prepare_model(connection, 'growth')}")


def run_body_growth(folder: Path) -> None:
    """Run sql/rollup/growth.sql and its steps for one year, and write a row per figure of that year."""
    with connect(folder, MEASURED_YEAR - 1, MEASURED_YEAR) as connection:
        create_view(connection, "compiled", (folder / "compiled").glob("*.parquet"))
        statement, target = prepare_model(connection, "growth"), quoted(folder / "growth.parquet")
        connection.execute(f"COPY (SELECT * FROM ({statement}) WHERE year = {MEASURED_YEAR}) TO '{target}'")


def scan_and_write(folder: Path) -> None:
    """Read two years and write one of them: the lower bound for growth per body."""
    with connect(folder, MEASURED_YEAR - 1, MEASURED_YEAR) as connection:
        columns, target = ", ".join(SUM_COLUMNS), quoted(folder / "copy.parquet")
        connection.execute(f"SELECT bit_xor(hash({columns})) FROM observations").fetchall()
        view_years(connection, folder, MEASURED_YEAR)
        connection.execute(f"COPY (SELECT {columns}, unit, value AS prior, provenance FROM observations) TO '{target}'")


def screen(folder: Path) -> None:
    """Find the hard identities that the reports break."""
    screen_cells(sorted((folder / "cells").glob("*.parquet")), forms()["2021"])
