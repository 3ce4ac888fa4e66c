"""`ogi query`: a saved query or a statement, read-only, on the published snapshot."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cli.export import is_inside_data
from pipeline.cli.extract import plain_value
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo, write
from pipeline.core.files import write_atomically
from pipeline.core.messages import say, visible
from pipeline.core.model import PROVENANCES, ExitCode
from pipeline.core.paths import SQL, Data
from pipeline.core.sentences import number
from pipeline.core.text import escape_formula
from pipeline.storage.database import ask, connect
from pipeline.storage.dictionary import dictionary

FORMATS = ("table", "csv", "json", "parquet")
FOLDERS = ("queries", "pages")
UNLIMITED_WIDTH = 100_000
TRANSLATED = frozenset({*PROVENANCES, "mixed", "loaded", "quarantined", "absent"})
_EXPLAIN = re.compile(r"\s*explain\s+(?:analyze\s+)?(?:\([^()]*\)\s*)?", re.IGNORECASE)


@click.command(help=help_text("query"))
@click.argument("text", required=False)
@data_option
@click.option("-p", "--param", "parameters", multiple=True, help=help_text("param"))
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", help=help_text("format"))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=help_text("output"))
@common_options
def command(text: str | None, root: Path, parameters: tuple[str, ...], form: str, output: Path | None) -> int:
    """Print the answer or write it to a file; without a text, list the saved queries."""
    data, lang = existing_data(root), current_language()
    if text is None:
        return _list_queries(lang)
    saved = saved_queries().get(text)
    if saved is None and text.isidentifier():
        return _refuse("query.unknown", lang, name=text)
    if code := _output_fault(data, form, output):
        return _refuse(code, lang, path=output)
    try:
        given = dict(_parameter(p, lang) for p in parameters)
        with connect(data) as connection:
            return _answer(connection, saved.read_text(encoding="utf-8") if saved else text, given, form, lang, output)
    except FileNotFoundError:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    except (duckdb.Error, pa.ArrowException) as error:
        return _refuse("query.failed", lang, error=str(error).splitlines()[0])
    except OSError as error:
        echo(say("query.disk", lang, error=error), err=True)
        return ExitCode.NOTHING


def saved_queries() -> dict[str, Path]:
    """Return the saved queries by name: those for people, then those behind pages and commands."""
    return {path.stem: path for folder in FOLDERS for path in sorted((SQL / folder).glob("*.sql"))}


def _list_queries(lang: str) -> int:
    for folder in FOLDERS:
        echo(say(f"query.list.{folder}", lang))
        for name, path in saved_queries().items():
            if path.parent.name == folder:
                echo(f"  {name:<24} {path.read_text(encoding='utf-8').splitlines()[0].removeprefix('-- ')}")
    return ExitCode.OK


def _output_fault(data: Data, form: str, output: Path | None) -> str | None:
    """Return the message code if the answer cannot go to this file, or cannot be shown without a file."""
    if output is None:
        return "query.binary" if form == "parquet" else None
    if form == "table":
        return "query.screen"
    return "query.inside" if is_inside_data(data, output.resolve()) else None


def _answer(
    connection: duckdb.DuckDBPyConnection, sql: str, given: dict[str, str], form: str, lang: str, output: Path | None
) -> int:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or not _only_reads(connection, statements[0]):
        return _refuse("query.readonly", lang)
    # A saved query says `$name IS NULL OR ...`, so a parameter that is not given is null.
    named = dict.fromkeys(statements[0].named_parameters)
    parameters = named | ({"lang": lang} if "lang" in named else {}) | given
    if form == "parquet" and output:
        # A relation gives Arrow without a detour through Python objects.
        table = connection.sql(statements[0].query, params=parameters).to_arrow_table()
        names = table.column_names
        _write_file(output, _to_parquet(table), table.num_rows, lang)
    else:
        result = connection.execute(statements[0], parameters)
        names = [column[0] for column in result.description or ()]
        _show(names, result.fetchall(), form, lang, output)
    if not any("provenance" in name for name in names) and ask(connection, "simulated_reports")[0]["reports"]:
        echo(say("query.simulated", lang), err=True)
    return ExitCode.OK


def _only_reads(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> bool:
    """Return whether a statement is a SELECT or explains one; EXPLAIN ANALYZE of a statement that writes does write."""
    if statement.type == duckdb.StatementType.EXPLAIN:
        inner = connection.extract_statements(_EXPLAIN.sub("", statement.query, count=1))
        return [s.type for s in inner] == [duckdb.StatementType.SELECT]
    return statement.type == duckdb.StatementType.SELECT


def _show(names: list[str], rows: list[tuple[Any, ...]], form: str, lang: str, output: Path | None) -> None:
    if form == "table":
        _print_table(names, rows, lang)
        return
    answer = _to_csv(names, rows) if form == "csv" else _to_json(names, rows)
    if output:
        _write_file(output, answer.encode(), len(rows), lang)
    elif sys.stdout.isatty():
        echo(answer, nl=False)
    else:
        write(answer)


def _write_file(output: Path, content: bytes, rows: int, lang: str) -> None:
    write_atomically(output, content)
    echo(say("query.written", lang, path=output, rows=rows), err=True)


def _parameter(text: str, lang: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(say("query.parameter", lang, text=text))
    return name, value


def _refuse(code: str, lang: str, **values: object) -> int:
    echo(say(code, lang, **values), err=True)
    return ExitCode.USAGE


def _print_table(names: list[str], rows: list[tuple[Any, ...]], lang: str) -> None:
    """Print a table at its full width, because nothing may be cut off; on a narrower terminal, one line per field."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    headings = [_heading(name, lang) for name in names]
    texts = [[_text(n, v, lang) for n, v in zip(names, row, strict=True)] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for i, heading in enumerate(headings):
        numeric = any(isinstance(row[i], (int, float, Decimal)) for row in rows)
        table.add_column(Text(heading), justify="right" if numeric else "left", no_wrap=True)
    for row in texts:
        table.add_row(*(Text(visible(text)) for text in row))
    width = Console(file=sys.stdout, width=UNLIMITED_WIDTH, highlight=False).measure(table).maximum
    if sys.stdout.isatty() and width > Console().width:
        _print_fields(headings, texts)
    else:
        Console(file=sys.stdout, width=width, highlight=False).print(table)
    echo(say("query.rows", lang, rows=len(rows)))


def _print_fields(headings: list[str], texts: list[list[str]]) -> None:
    for row in texts:
        echo("\n".join(f"{h}：{v}" for h, v in zip(headings, row, strict=True) if v) + "\n")


def _heading(name: str, lang: str) -> str:
    # The first description of a column is the general one: `value` is 数值 in cells and 本年 in growth.
    chinese = {line["column"]: line["zh"] for lines in reversed(list(dictionary().values())) for line in lines}
    return chinese.get(name, name) if lang == "zh" else name


def _text(name: str, value: Any, lang: str) -> str:
    if value is None:
        return ""
    if name.endswith("provenance") or name == "status":
        return say(f"code.{value}", lang) if value in TRANSLATED else str(value)
    if isinstance(value, Decimal) and value.as_tuple().exponent == -1:
        return f"{value:,}"
    is_plain = name == "year" or isinstance(value, (bool, str)) or not isinstance(value, (int, float, Decimal))
    return str(value) if is_plain else number(value)


def _to_csv(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if v is None else escape_formula(v) if isinstance(v, str) else v for v in row])
    return text.getvalue()


def _to_parquet(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()


def _to_json(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    records = [{n: plain_value(v) for n, v in zip(names, row, strict=True)} for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=1, default=str) + "\n"
