"""SQL is never put together from values: they are parameters. What names of our own are spliced in, is listed here."""

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

RUNS_SQL = frozenset(("execute", "executemany", "sql", "query", "rows", "from_query"))
# (file, what is spliced): why no value of a report, a user or a file can get there.
ALLOWED = {
    ("pipeline/storage/database.py", "SET file_search_path = '{quoted(project.resolve())}'"): "SET takes no parameter",
    ("pipeline/storage/database.py", "ATTACH '{quoted(path)}' AS ogi (STORAGE_VERSION 'v1.0.0')"): "as above; quoted",
    ("pipeline/storage/database.py", "CREATE VIEW {name} AS {sql}"): "a file of sql/, named by its stem",
    (
        "pipeline/storage/database.py",
        "CREATE VIEW {table} AS SELECT * FROM read_parquet([{files}])",
    ): "tables of columns.csv; files quoted",
    (
        "pipeline/rollup/__init__.py",
        "CREATE TEMP VIEW {model.name} AS {model.sql}",
    ): "a file of sql/, named by its stem",
    (
        "pipeline/rollup/partitions.py",
        "CREATE OR REPLACE TEMP VIEW {name} AS {statement}",
    ): "tables of columns.csv; files quoted",
    (
        "pipeline/rollup/partitions.py",
        "CREATE TEMP TABLE outcomes_of_{model.name} AS {finding_select(model)}",
    ): "a file of sql/, named by its stem",
    ("pipeline/rollup/partitions.py", "CREATE TEMP {kind} {model.name} AS {model.sql}"): "as above; TABLE or VIEW",
    ("pipeline/rollup/partitions.py", "{selection} ORDER BY {year}, {order}"): "columns of columns.csv; whole numbers",
}


def spliced(source: str) -> Iterator[str]:
    """The arguments of calls that run SQL which are put together from pieces, directly or by way of a local name."""
    tree = ast.parse(source)
    made = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and _joined(node.value)
    }
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for argument in call.args[:2] if name in RUNS_SQL else ():
            found = made.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
            if _joined(found):
                yield _written(found)


def _joined(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(v, ast.FormattedValue) for v in node.values)
    if isinstance(node, ast.BinOp):
        text = (
            isinstance(s, ast.JoinedStr) or (isinstance(s, ast.Constant) and isinstance(s.value, str))
            for s in _sides(node)
        )
        return isinstance(node.op, ast.Mod | ast.Add) and any(text)
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "replace")
    )


def _sides(node: ast.BinOp) -> tuple[ast.expr, ast.expr]:
    return node.left, node.right


def _written(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        parts = (v.value if isinstance(v, ast.FormattedValue) else v for v in node.values)
        return "".join(str(p.value) if isinstance(p, ast.Constant) else f"{{{ast.unparse(p)}}}" for p in parts)
    return ast.unparse(node)


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
        yield path.relative_to(ROOT).as_posix(), "\n".join(code)


def test_no_value_is_spliced_into_sql() -> None:
    found = {(name, text) for name, source in sources() for text in spliced(source)}
    assert found == set(ALLOWED)


@pytest.mark.parametrize(
    "code",
    [
        "c.execute(f'SELECT {x}')", "c.sql('SELECT %s' % x)", "c.execute('SELECT ' + x)", "c.execute('{}'.format(x))",
        "q = f'SELECT {x}'\nc.execute(q)", "rows(c, f'SELECT {x}')",
    ],
)  # fmt: skip
def test_the_search_for_spliced_sql_finds_it(code: str) -> None:
    assert list(spliced(code))
    assert not list(spliced("c.execute('SELECT $x', {'x': x})"))


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in a folder, and with a report, whose names have quotes."""
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


def asked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return ogi_here(folder, *arguments, "--lang", "en")


def test_names_with_quotes_are_names(quoted: Path) -> None:
    with connect(Data(quoted / "data")) as connection:
        found = rows(connection, "SELECT DISTINCT report_id FROM cells")
    assert found == [{"report_id": "2019/o'hara $1 {x}.html"}]
    told = asked(quoted, "explain", "2019/o'hara $1 {x}.html", "applications/new/total")
    assert told.returncode == 0, told.stderr
    assert asked(quoted, "status").returncode == 0


@pytest.mark.parametrize("value", ["' OR '1'='1", "'; DROP VIEW cells; --", '"', "\\", "$lang"])
def test_a_parameter_is_a_value(quoted: Path, value: str) -> None:
    ended = asked(
        quoted, "query", "SELECT count(*) AS n FROM cells WHERE raw = $x", "-p", f"x={value}", "--format", "json"
    )
    assert json.loads(ended.stdout) == [{"n": 0}], ended.stderr
    ended = asked(quoted, "explain", f"三门峡市{value}", "2019", f"applications.new{value}")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


REFUSED = (
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


def test_a_question_can_neither_write_nor_look_elsewhere(quoted: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with connect(Data(quoted / "data")):  # so that each question is a second connection, which shares the settings
        for statement in REFUSED:
            text = statement.format(out=out, folder=str(quoted).replace("'", "''"))
            ended = asked(quoted, "query", text)
            assert ended.returncode == 2, text
            assert not out.exists(), text
    inside = (quoted / "data" / "curated" / "current").resolve()
    before = sorted(inside.rglob("*"))
    asked(quoted, "query", f"EXPLAIN ANALYZE COPY (SELECT 1) TO '{str(inside).replace(chr(39), chr(39) * 2)}/x.csv'")
    assert sorted(inside.rglob("*")) == before


def test_questions_that_only_read_are_answered(quoted: Path) -> None:
    for statement in (
        "SELECT 1",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT count(*) FROM cells",
        "FROM cells LIMIT 1",
    ):
        assert asked(quoted, "query", statement).returncode == 0, statement
