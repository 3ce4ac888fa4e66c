"""`ogi query`: a saved query of `sql/queries` or a statement, against the published snapshot, read-only."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cli.export import inside_data
from pipeline.cli.terminal import echo, unread
from pipeline.core.messages import say, visible
from pipeline.core.model import ExitCode
from pipeline.core.paths import SQL, Data
from pipeline.core.sentences import number
from pipeline.core.text import harmless
from pipeline.storage.database import connect
from pipeline.storage.schema import dictionary

SIMULATED = "SELECT count(*) FROM reports WHERE status = 'loaded' AND provenance = 'simulated'"
WIDEST = 100_000
_EXPLAIN = re.compile(r"\s*explain\s+(?:analyze\s+)?(?:\([^()]*\)\s*)?", re.IGNORECASE)


def saved() -> dict[str, Path]:
    """The saved queries by name."""
    return {path.stem: path for path in sorted((SQL / "queries").glob("*.sql"))}


def show_query(
    data: Data, text: str | None, given: Sequence[str], form: str, lang: str, output: Path | None = None
) -> int:
    """Print the answer or write it to a file; returns the exit code."""
    if text is None:
        echo(say("query.list", lang))
        for name, path in saved().items():
            echo(f"  {name:<20} {path.read_text(encoding='utf-8').splitlines()[0].removeprefix('-- ')}")
        return 0
    sql = saved()[text].read_text(encoding="utf-8") if text in saved() else text
    if text not in saved() and text.isidentifier():
        return _refuse("query.unknown", lang, name=text)
    if why := _no_output(data, form, output):
        return _refuse(why, lang, path=output)
    try:
        parameters = dict(_parameter(p, lang) for p in given)
        with connect(data) as connection:
            return _answer(connection, sql, parameters, form, lang, output)
    except FileNotFoundError:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    except (duckdb.Error, pa.ArrowException) as error:
        return _refuse("query.failed", lang, error=str(error).splitlines()[0])
    except BrokenPipeError:
        unread(sys.stdout)
        return 0
    except OSError as error:
        echo(say("query.disk", lang, error=error), err=True)
        return ExitCode.NOTHING


def _no_output(data: Data, form: str, output: Path | None) -> str | None:
    """The message that says why the answer cannot go to this file, or not without one."""
    if output is None:
        return "query.binary" if form == "parquet" else None
    return "query.screen" if form == "table" else "query.inside" if inside_data(data, output.resolve()) else None


def _answer(
    connection: duckdb.DuckDBPyConnection, sql: str, given: dict[str, str], form: str, lang: str, output: Path | None
) -> int:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or not _only_reads(connection, statements[0]):
        return _refuse("query.readonly", lang)
    # A saved query says `$name IS NULL OR ...`, so a parameter that is not given is NULL.
    wanted = dict.fromkeys(statements[0].named_parameters)
    parameters = wanted | ({"lang": lang} if "lang" in wanted else {}) | given
    if form == "parquet" and output:
        # The statement's own text: a relation hands over Arrow without a copy by way of Python.
        data = connection.sql(statements[0].query, params=parameters).to_arrow_table()
        names = data.column_names
        _to_file(output, _parquet(data), data.num_rows, lang)
    else:
        result = connection.execute(statements[0], parameters)
        names = [d[0] for d in result.description or ()]
        _show(names, result.fetchall(), form, lang, output)
    if not any("provenance" in n for n in names) and _has_simulated(connection):
        echo(say("query.simulated", lang), err=True)
    return 0


def _only_reads(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> bool:
    """Whether it is a SELECT or explains one: to explain what writes can be to do it (EXPLAIN ANALYZE COPY)."""
    if statement.type == duckdb.StatementType.EXPLAIN:
        inner = connection.extract_statements(_EXPLAIN.sub("", statement.query, count=1))
        return [s.type for s in inner] == [duckdb.StatementType.SELECT]
    return statement.type == duckdb.StatementType.SELECT


def _show(names: list[str], found: list[tuple[Any, ...]], form: str, lang: str, output: Path | None) -> None:
    if form == "table":
        _table(names, found, lang)
        return
    answer = _csv(names, found) if form == "csv" else _json(names, found)
    if output:
        _to_file(output, answer.encode(), len(found), lang)
    elif sys.stdout.isatty():
        echo(answer, nl=False)
    else:  # for another program, exactly
        sys.stdout.write(answer)


def _to_file(output: Path, content: bytes, rows: int, lang: str) -> None:
    """The file is whole or not there: it is written beside its place first."""
    fresh = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(output)
    finally:
        fresh.unlink(missing_ok=True)
    echo(say("query.written", lang, path=output, rows=rows), err=True)


def _has_simulated(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute(SIMULATED).fetchone() != (0,)


def _parameter(text: str, lang: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(say("query.parameter", lang, text=text))
    return name, value


def _refuse(code: str, lang: str, **values: object) -> int:
    echo(say(code, lang, **values), err=True)
    return ExitCode.USAGE


def _table(names: list[str], found: list[tuple[Any, ...]], lang: str) -> None:
    """A table as wide as it must be; on a terminal too narrow for it one line a field, for nothing may be cut off."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    headings = [_heading(name, lang) for name in names]
    shown = [[_shown(n, v, lang) for n, v in zip(names, row, strict=True)] for row in found]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for i, heading in enumerate(headings):
        numeric = any(isinstance(row[i], (int, float, Decimal)) for row in found)
        table.add_column(Text(heading), justify="right" if numeric else "left", no_wrap=True)
    for row in shown:
        table.add_row(*(Text(visible(text)) for text in row))
    wide = Console(file=sys.stdout, width=WIDEST, highlight=False)
    needed = wide.measure(table).maximum
    if sys.stdout.isatty() and needed > Console().width:
        _records(headings, shown)
    else:
        Console(file=sys.stdout, width=needed, highlight=False).print(table)
    echo(say("query.rows", lang, rows=len(found)))


def _records(headings: list[str], shown: list[list[str]]) -> None:
    for row in shown:
        echo("\n".join(f"{h}：{v}" for h, v in zip(headings, row, strict=True) if v) + "\n")


def _heading(name: str, lang: str) -> str:
    # A column's first description is the general one: `value` is 数值 in cells and 本年 in growth.
    known = {line["column"]: line["zh"] for lines in reversed(list(dictionary().values())) for line in lines}
    return known.get(name, name) if lang == "zh" else name


def _shown(name: str, value: Any, lang: str) -> str:
    if value is None:
        return ""
    if name.endswith("provenance") or name == "status":
        return say(f"code.{value}", lang) if value in _codes() else str(value)
    if isinstance(value, Decimal) and -(value.as_tuple().exponent or 0) == 1:  # type: ignore[operator]
        return f"{value:,}"
    plain = name == "year" or isinstance(value, (bool, str)) or not isinstance(value, (int, float, Decimal))
    return str(value) if plain else number(value)


def _codes() -> frozenset[str]:
    return frozenset({"published", "transcribed", "simulated", "mixed", "loaded", "quarantined", "absent"})


def _csv(names: list[str], found: list[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in found:
        writer.writerow(["" if v is None else harmless(v) if isinstance(v, str) else v for v in row])
    return text.getvalue()


def _parquet(data: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(data, content, compression="zstd")
    return content.getvalue()


def _json(names: list[str], found: list[tuple[Any, ...]]) -> str:
    from pipeline.cli.extract import plain

    answer = [{n: plain(v) for n, v in zip(names, row, strict=True)} for row in found]
    return json.dumps(answer, ensure_ascii=False, indent=1, default=str) + "\n"
