"""Roll up: run the SQL of `sql/` over a snapshot's Parquet, each file after those that it reads.

A file of `sql/rollup` is a table, one of `sql/publish` a view, one of `sql/checks` gives findings that compare
reports. The file's stem is its name and its first line says what a row is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipeline import load
from pipeline.form import forms
from pipeline.messages import say
from pipeline.model import ProjectFault
from pipeline.paths import REFERENCE, SQL
from pipeline.register import Register
from pipeline.tables import BASE, REGISTERS, dictionary, from_rows

DATABASE = "ogi.duckdb"
COMPARISONS = "comparisons"  # the file of findings that compare reports


@dataclass(frozen=True)
class Model:
    """A SQL file: its name, whether it is a table, view or check, its statement, and the relations it reads."""

    name: str
    kind: str
    sql: str
    reads: frozenset[str]


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
    return tuple(by_name[name] for name in order)


def _model(path: Path) -> Model:
    import sqlglot
    from sqlglot import expressions

    text = path.read_text(encoding="utf-8")
    statements = sqlglot.parse(text, dialect="duckdb")
    if not text.startswith("-- One row ") or len(statements) != 1 or not isinstance(statements[0], expressions.Query):
        raise ProjectFault(f"{path.name}: must be one SELECT under a line that says what a row is (-- One row ...)")
    query = statements[0]
    named = {cte.alias for cte in query.find_all(expressions.CTE)}
    return Model(
        path.stem, path.parent.name, text, frozenset({t.name for t in query.find_all(expressions.Table)} - named)
    )


def roll_up(folder: Path, project: Path, known: Register) -> None:
    """Add registers, observations, marts, comparing findings and `ogi.duckdb` to the snapshot being built in `folder`.

    The database holds views only: a table's bytes in it differ from run to run. They name their files as seen from
    `project`, so that nothing in the database depends on the machine. Raises OSError where the disk does not take it.
    """
    try:
        _roll_up(folder.resolve(), project.resolve(), known)
    except duckdb.IOException as fault:
        raise OSError(str(fault)) from fault


def _roll_up(folder: Path, project: Path, known: Register) -> None:
    path = folder / DATABASE
    path.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{_quoted(project)}'")
        connection.execute(f"ATTACH '{_quoted(path)}' AS ogi (STORAGE_VERSION 'v1.0.0')")
        connection.execute("USE ogi")
        _refuse_gaps(_reference("crosswalk"))
        for name in REGISTERS:
            load.write(folder, name, name, from_rows(name, _register(name, known)))
        for table in (*REGISTERS, *load.LOADED):
            if table != "findings":
                _view(connection, folder, project, table)
        compared = [_run(connection, folder, project, model) for model in models()]
        load.write(folder, "findings", COMPARISONS, _findings([c for c in compared if c is not None]))
        _view(connection, folder, project, "findings")


def compare(tables: Mapping[str, pa.Table], known: Register) -> pa.Table:
    """The findings of `sql/checks` on loaded tables that are in no snapshot. Nothing is written."""
    with duckdb.connect() as connection:
        for name in REGISTERS:
            connection.register(name, from_rows(name, _register(name, known)))
        for table in load.LOADED:
            connection.register(table, tables[table])
        compared = []
        for model in _behind_checks():
            if model.kind == "checks":
                compared.append(connection.sql(model.sql).to_arrow_table())
            else:
                connection.execute(f"CREATE TEMP VIEW {model.name} AS {model.sql}")
        return _findings(compared)


def _behind_checks() -> list[Model]:
    """The checks and what they read, in order."""
    found = models()
    needed = {m.name for m in found if m.kind == "checks"}
    for model in reversed(found):
        if model.name in needed:
            needed |= model.reads
    return [m for m in found if m.name in needed]


def _register(name: str, known: Register) -> list[dict[str, Any]]:
    """The rows of a register; `position` is the line's place."""
    if name == "bodies":
        lineages = known.lineages()
        bodies = [asdict(b) | {"aliases": "|".join(b.aliases) or None} for b in known.bodies.values()]
        lines = [line | {"parent": line["parent"] or None, "lineage": lineages[line["body_id"]]} for line in bodies]
    elif name == "successions":
        lines = [asdict(s) | {"note": s.note or None} for s in known.successions]
    else:
        lines = _identities() if name == "identities" else _reference(name)
    return [line | {"position": i} for i, line in enumerate(lines)]


def _reference(name: str) -> list[dict[str, Any]]:
    """The lines of a reference table, empty fields as NULL."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines: list[dict[str, Any]] = [{k: v or None for k, v in line.items()} for line in csv.DictReader(file)]
    whole = [line["column"] for line in dictionary()[name] if line["type"] == "int32" and line["column"] != "position"]
    return [line | {k: None if line[k] is None else int(line[k]) for k in whole} for line in lines]


def _identities() -> list[dict[str, Any]]:
    """Every identity of the forms and every check, with its words and its source."""
    found: list[dict[str, Any]] = []
    for form in forms().values():
        for i in form.identities:
            equation = f"{' + '.join(i.left)} {i.relation} {' + '.join(i.right)}"
            words = {"zh": i.zh, "en": i.en, "source": i.source}
            found.append({"identity": i.id, "form": form.code, "severity": i.severity, "equation": equation, **words})
    for path in sorted((SQL / "checks").glob("*.sql")):
        identity = path.stem.replace("_", ".", 1)
        words = {lang: say(f"check.{identity}", lang) for lang in ("zh", "en")} | {"source": f"sql/checks/{path.name}"}
        found.append({"identity": identity, "form": "*", "severity": "warning", "equation": None, **words})
    return found


def _refuse_gaps(crosswalk: Sequence[Mapping[str, Any]]) -> None:
    """Raise ProjectFault where a line names no cell or indicator, or a cell has no line: its figures would be lost."""
    cells = {(f.code, *a.split("/")) for f in forms().values() for a in f.addresses()}
    known = {line["indicator"] for line in _reference("indicators")} | {None}
    named: set[tuple[str, ...]] = set()
    for line in crosswalk:
        form, table, row, column, indicator = (line[k] for k in ("form", "table", "row", "column", "indicator"))
        found = {c for c in cells if form in ("*", c[0]) and (table, row) == c[1:3] and column in ("*", c[3])}
        if not found or indicator not in known:
            raise ProjectFault(f"crosswalk.csv: no such cell or indicator: {form},{table},{row},{column},{indicator}")
        named |= found
    if cells - named:
        raise ProjectFault(f"crosswalk.csv: no line for {sorted(cells - named)[:3]}")


def _view(connection: duckdb.DuckDBPyConnection, folder: Path, project: Path, table: str) -> None:
    """A view over the files of a table; they are named one by one, so that a reader never mixes two snapshots."""
    files = sorted((folder / table).glob("*.parquet"))
    listed = ", ".join(f"'{_quoted(f.relative_to(project))}'" for f in files)
    connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet([{listed}])")


def _run(connection: duckdb.DuckDBPyConnection, folder: Path, project: Path, model: Model) -> pa.Table | None:
    """Make one model; the rows of a check are returned."""
    if model.kind == "publish":
        connection.execute(f"CREATE VIEW {model.name} AS {model.sql}")
        return None
    data = connection.sql(model.sql).to_arrow_table()
    if model.kind == "checks":
        return data
    for stem, rows in _by_year(connection, data) if model.name in BASE else [(model.name, data)]:
        load.write(folder, model.name, stem, rows)
    _view(connection, folder, project, model.name)
    return None


def _by_year(connection: duckdb.DuckDBPyConnection, data: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    years = connection.execute("SELECT DISTINCT year FROM reports WHERE year IS NOT NULL ORDER BY year").fetchall()
    for (year,) in years:
        yield str(year), data.filter(pc.equal(data["year"], year))


def _findings(compared: Sequence[pa.Table]) -> pa.Table:
    """The rows of all checks as findings; a check names its cells in one text, apart by spaces."""
    rows = [row for table in compared for row in table.to_pylist()]
    for row in rows:
        row["cells"] = row["cells"].split()
        row["difference"] = None if row["lhs"] is None or row["rhs"] is None else row["lhs"] - row["rhs"]
    return from_rows(
        "findings",
        [dict(r) for r in {(r["report_id"], r["identity"], r["place"], r["note"]): r for r in rows}.values()],
    )


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")
