"""Compare reports that are in no snapshot with each other and with published ones. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from pipeline.core.messages import LANGUAGES
from pipeline.core.paths import SQL
from pipeline.registry.bodies import Register
from pipeline.rollup.findings import finding_select
from pipeline.rollup.models import Model, checks_with_sources
from pipeline.rollup.registers import register_table
from pipeline.storage.database import Row, rows
from pipeline.storage.dictionary import LOADED, REGISTERS
from pipeline.storage.schema import schema

JUMPS = SQL / "queries" / "jumps.sql"
# A model that has published rows instead: the norms of a group need the reports of all its bodies.
FROM_PUBLISHED_NORMS = {
    "norms": "SELECT * FROM published_norms",
    "usual_figures": "SELECT year, level, is_simulated, indicator, figures, usual, provenance FROM published_norms",
}


@dataclass(frozen=True)
class Comparison:
    """The findings of the checks, and by language the largest changes: rows of `sql/queries/jumps.sql`."""

    findings: pa.Table
    changes: Mapping[str, list[Row]] = field(default_factory=dict)


def compare(tables: Mapping[str, pa.Table], register: Register, norms: pa.Table | None = None) -> Comparison:
    """Return the findings of the checks on loaded tables that are not in a snapshot, and their largest changes.

    `tables` has the loaded tables by name. `norms` are the published norms of the years; without them, the norms are
    those of the reports in `tables`.
    """
    with duckdb.connect() as connection:
        for name in REGISTERS:
            connection.register(name, register_table(name, register))
        for table in LOADED:
            connection.register(table, tables[table])
        replaced = {}
        if norms is not None and norms.num_rows:
            connection.register("published_norms", norms)
            replaced = FROM_PUBLISHED_NORMS
        outcomes = [_run(connection, model, replaced) for model in checks_with_sources(["growth"])]
        query = JUMPS.read_text(encoding="utf-8")
        unfiltered = dict.fromkeys(("basis", "body", "year", "indicator"))
        changes = {lang: rows(connection, query, {**unfiltered, "lang": lang}) for lang in LANGUAGES}
        return Comparison(pa.concat_tables(outcomes), changes)


def _run(connection: duckdb.DuckDBPyConnection, model: Model, replaced: Mapping[str, str]) -> pa.Table:
    """Create the table of a model; return the findings of a check, else no rows."""
    columns = schema("findings")
    if model.folder == "checks":
        return connection.sql(finding_select(model)).to_arrow_table().select(columns.names).cast(columns)
    # A table, not a view: several checks read it, and each would compute a view again.
    sql = replaced.get(model.name, model.sql)
    connection.execute(f"CREATE TEMP TABLE {model.name} AS {sql}")
    return columns.empty_table()
