"""Test that SQL is never built from values, and that `ogi query` neither writes nor reads other files.

Values are parameters. ALLOWED lists the statements that contain names of the program itself.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.project import ROOT, ogi_here, run_here

from pipeline.core.paths import Data
from pipeline.raw.manifest import read_lines
from pipeline.storage.database import connect, rows

# Functions whose first or second argument is SQL.
SQL_FUNCTIONS = frozenset(("execute", "executemany", "sql", "query", "rows", "from_query"))
# By file and statement: the reason why no value from a report, a user or a file can get into it.
ALLOWED = {
    (
        "pipeline/storage/database.py",
        "ATTACH '{quoted(path)}' AS ogi (STORAGE_VERSION 'v1.0.0')",
    ): "ATTACH takes no parameter; the path is quoted",
    ("pipeline/storage/database.py", "CREATE VIEW {name} AS {sql}"): "a file of sql/, named by its stem",
    (
        "pipeline/storage/database.py",
        "CREATE {kind} {table} AS SELECT * FROM read_parquet([{files}])",
    ): "tables of columns.csv; files quoted",
    (
        "pipeline/storage/database.py",
        "COMMENT ON {item} IS '{comment}'",
    ): "texts of columns.csv and messages.csv, quoted",
    (
        "pipeline/rollup/comparison.py",
        "CREATE TEMP TABLE {model.name} AS {sql}",
    ): "a file of sql/, named by its stem",
    (
        "pipeline/rollup/partitions.py",
        "CREATE OR REPLACE TEMP VIEW {name} AS {statement}",
    ): "tables of columns.csv; files quoted",
    (
        "pipeline/rollup/partitions.py",
        "CREATE TEMP TABLE outcomes_of_{model.name} AS {finding_select(model)}",
    ): "a file of sql/, named by its stem",
    (
        "pipeline/rollup/partitions.py",
        "CREATE TEMP {model.kind(self._models)} {model.name} AS {model.sql}",
    ): "a file of sql/; TABLE or VIEW",
    (
        "pipeline/storage/differences.py",
        "CREATE VIEW {side} AS {select_from_files(table, paths)}",
    ): "constants; files quoted",
    ("pipeline/storage/differences.py", "_RESIZED.format(owner=owner)"): "a column of columns.csv",
    (
        "pipeline/storage/differences.py",
        "_DIFFERENT.format(owner=owner, kept=kept, differs=differs)",
    ): "columns of columns.csv",
    (
        "pipeline/validate/affected.py",
        "CREATE VIEW bodies AS {select_from_files('bodies', files.paths('bodies'))}",
    ): "files quoted",
    (
        "pipeline/validate/affected.py",
        "CREATE VIEW all_reports AS {' UNION ALL '.join(reports)}",
    ): "files quoted",
    ("pipeline/validate/staged.py", "CREATE TABLE {name} AS {rows}"): "tables and columns of columns.csv; files quoted",
    (
        "pipeline/publish/interchange/snapshot_tables.py",
        "CREATE VIEW {table} AS SELECT {columns} FROM read_parquet([{files}])",
    ): "tables of columns.csv; files quoted",
    (
        "pipeline/publish/interchange/snapshot_tables.py",
        "CREATE VIEW {name} AS {sql}",
    ): "a file of sql/, named by its stem",
    (
        "pipeline/publish/interchange/snapshot_tables.py",
        "FROM {name} ORDER BY ALL",
    ): "a table of columns.csv or a file of sql/",
    (
        "pipeline/publish/interchange/sqlite_file.py",
        "CREATE TABLE {table} ({', '.join(definitions)})",
    ): "tables and columns of columns.csv",
    (
        "pipeline/publish/interchange/sqlite_file.py",
        "INSERT INTO {table} VALUES ({places})",
    ): "tables of columns.csv; values are parameters",
    (
        "pipeline/publish/interchange/sqlite_file.py",
        "PRAGMA table_info({table})",
    ): "tables of columns.csv",
    (
        "pipeline/publish/interchange/sqlite_file.py",
        "CREATE VIEW {name} AS {sql}",
    ): "a file of sql/, named by its stem",
    (
        "pipeline/publish/interchange/sqlite_file.py",
        "SELECT * FROM {name} LIMIT 1",
    ): "a file of sql/",
    (
        "pipeline/publish/interchange/sqlite_file.py",
        "DROP VIEW IF EXISTS {name}",
    ): "a file of sql/",
    (
        "pipeline/publish/interchange/workbook.py",
        "SELECT count(*) FROM {name}",
    ): "names of the sheets",
    ("pipeline/publish/interchange/csv_tables.py", "SELECT count(*) FROM {name}"): "tables and files of sql/",
    (
        "pipeline/publish/interchange/workbook.py",
        "DESCRIBE {name}",
    ): "names of the sheets",
    (
        "pipeline/publish/snapshot_diff.py",
        "CREATE TABLE {name}_{table} AS {rows_of} EXCEPT ALL {others}",
    ): "folders of a snapshot; files quoted",
    (
        "pipeline/publish/snapshot_diff.py",
        "SELECT (SELECT count(*) FROM old_{table}), (SELECT count(*) FROM new_{table})",
    ): "folders of a snapshot",
    (
        "pipeline/publish/snapshot_diff.py",
        "SELECT count(*) FROM new_{table} AS n WHERE EXISTS (SELECT 1 FROM old_{table} AS o WHERE {condition})",
    ): "folders of a snapshot; columns of columns.csv",
    (
        "pipeline/publish/snapshot_diff.py",
        "CREATE VIEW {name} AS {sql}",
    ): "names of registers; files quoted",
    (
        "pipeline/rollup/answers.py",
        "\n        SELECT f.* FROM ({findings}) AS f\n"
        "        SEMI JOIN ({_DECISIONS}) AS d ON d.report_id = f.report_id AND d.cell = {_NAME}",
    ): "files of sql/, constants",
    ("pipeline/rollup/answers.py", "CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM new_rows"): "constants",
    ("pipeline/rollup/partitions.py", "{selection} ORDER BY {year}, {order}"): "columns of columns.csv; whole numbers",
    (
        "pipeline/validate/staged.py",
        "CREATE OR REPLACE TEMP {kind} {step.name} AS {step.sql}",
    ): "a file of sql/; TABLE or VIEW",
    (
        "pipeline/validate/staged.py",
        "CREATE {kind} {name} AS {select_from_files(table, paths)}",
    ): "tables of columns.csv; files quoted",
    (
        "pipeline/validate/staged.py",
        "SELECT *, count(*) OVER () AS {COUNT} FROM ({assertion.sql}) LIMIT {MAX_ROWS_SHOWN}",
    ): "a file of sql/, or made of names of columns.csv",
}


def built_statements(source: str) -> Iterator[str]:
    """Yield the SQL arguments that are built from pieces, in the call itself or in a local variable."""
    tree = ast.parse(source)
    built_variables = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and _is_built(node.value)
    }
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for argument in call.args[:2] if name in SQL_FUNCTIONS else ():
            expression = built_variables.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
            if _is_built(expression):
                yield _source_text(expression)


def _is_built(node: ast.AST) -> bool:
    """Return whether an expression joins texts: an f-string, % or +, `format` or `replace`."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(v, ast.FormattedValue) for v in node.values)
    if isinstance(node, ast.BinOp):
        are_texts = (
            isinstance(s, ast.JoinedStr) or (isinstance(s, ast.Constant) and isinstance(s.value, str))
            for s in (node.left, node.right)
        )
        return isinstance(node.op, ast.Mod | ast.Add) and any(are_texts)
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "replace")
    )


def _source_text(node: ast.expr) -> str:
    """Return an expression as source text, an f-string without its prefix and quotes."""
    if isinstance(node, ast.JoinedStr):
        parts = (v.value if isinstance(v, ast.FormattedValue) else v for v in node.values)
        return "".join(str(p.value) if isinstance(p, ast.Constant) else f"{{{ast.unparse(p)}}}" for p in parts)
    return ast.unparse(node)


def sources() -> Iterator[tuple[str, str]]:
    """Yield path and code of each module of the package and each notebook."""
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
        yield path.relative_to(ROOT).as_posix(), "\n".join(code)


def test_only_allowed_statements_are_built_from_pieces() -> None:
    statements = {(name, text) for name, source in sources() for text in built_statements(source)}
    assert statements == set(ALLOWED)


@pytest.mark.parametrize(
    "code",
    [
        "c.execute(f'SELECT {x}')", "c.sql('SELECT %s' % x)", "c.execute('SELECT ' + x)", "c.execute('{}'.format(x))",
        "q = f'SELECT {x}'\nc.execute(q)", "rows(c, f'SELECT {x}')",
    ],
)  # fmt: skip
def test_every_way_to_build_sql_is_detected(code: str) -> None:
    assert list(built_statements(code))
    assert not list(built_statements("c.execute('SELECT $x', {'x': x})"))


@pytest.fixture(scope="module")
def project_with_quotes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published project whose folder and only report have quotes in their names."""
    folder = tmp_path_factory.mktemp("quoted") / 'it\'s; DROP TABLE x -- "q"'
    raw = folder / "data" / "raw"
    (raw / "2019").mkdir(parents=True)
    shipped = ROOT / "data" / "raw"
    (manifest,) = (x for x in read_lines(shipped / "manifest.csv") if x["path"] == "2019/411200.html")
    shutil.copy(shipped / "2019" / "411200.html", raw / "2019" / "o'hara $1 {x}.html")
    line = [f'"{v.replace(chr(34), chr(34) * 2)}"' for v in (manifest | {"path": "2019/o'hara $1 {x}.html"}).values()]
    (raw / "manifest.csv").write_text(f"{','.join(manifest)}\n{','.join(line)}\n", encoding="utf-8")
    assert run_here(folder) == 0
    return folder


def run_ogi(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return ogi_here(folder, *arguments, "--lang", "en")


@pytest.mark.slow
def test_names_with_quotes_work(project_with_quotes: Path) -> None:
    with connect(Data(project_with_quotes / "data")) as connection:
        report_ids = rows(connection, "SELECT DISTINCT report_id FROM cells")
    assert report_ids == [{"report_id": "2019/o'hara $1 {x}.html"}]
    explanation = run_ogi(project_with_quotes, "explain", "2019/o'hara $1 {x}.html", "applications/new/total")
    assert explanation.returncode == 0, explanation.stderr
    assert run_ogi(project_with_quotes, "status").returncode == 0


@pytest.mark.parametrize("value", ["' OR '1'='1", "'; DROP VIEW cells; --", '"', "\\", "$lang"])
def test_parameter_is_a_value_and_never_sql(project_with_quotes: Path, value: str) -> None:
    result = run_ogi(
        project_with_quotes,
        "query",
        "SELECT count(*) AS n FROM cells WHERE raw = $x",
        "-p",
        f"x={value}",
        "--format",
        "json",
    )
    assert json.loads(result.stdout) == [{"n": 0}], result.stderr
    result = run_ogi(project_with_quotes, "explain", f"三门峡市{value}", "2019", f"applications.new{value}")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


REFUSED_STATEMENTS = (
    "COPY (SELECT 1) TO '{out}'", "ATTACH '{out}' AS x", "INSTALL httpfs", "LOAD httpfs", "SET threads = 1",
    "PRAGMA version",
    "CREATE TABLE x AS SELECT 1", "DELETE FROM cells", "DROP VIEW cells", "EXPORT DATABASE '{out}'",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{out}'", "EXPLAIN (ANALYZE, FORMAT JSON) COPY (SELECT 1) TO '{out}'",
    "explain /* */ analyze copy (select 1) to '{out}'", "SELECT 1; COPY (SELECT 1) TO '{out}'",
    "EXPLAIN ANALYZE EXPLAIN ANALYZE COPY (SELECT 1) TO '{out}'", "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('{folder}/data/raw/manifest.csv')", "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM 'https://127.0.0.1:9/x.parquet'", "SELECT * FROM 's3://bucket/x.parquet'",
)  # fmt: skip


def test_query_can_neither_write_nor_read_other_files(project_with_quotes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with connect(
        Data(project_with_quotes / "data")
    ):  # each query is then a second connection, which shares the settings
        for statement in REFUSED_STATEMENTS:
            text = statement.format(out=out, folder=str(project_with_quotes).replace("'", "''"))
            result = run_ogi(project_with_quotes, "query", text)
            assert result.returncode == 2, text
            assert not out.exists(), text
    snapshot_folder = (project_with_quotes / "data" / "curated" / "current").resolve()
    before = sorted(snapshot_folder.rglob("*"))
    run_ogi(
        project_with_quotes,
        "query",
        f"EXPLAIN ANALYZE COPY (SELECT 1) TO '{str(snapshot_folder).replace(chr(39), chr(39) * 2)}/x.csv'",
    )
    assert sorted(snapshot_folder.rglob("*")) == before


def test_query_that_only_reads_is_answered(project_with_quotes: Path) -> None:
    for statement in (
        "SELECT 1",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT count(*) FROM cells",
        "FROM cells LIMIT 1",
    ):
        assert run_ogi(project_with_quotes, "query", statement).returncode == 0, statement
