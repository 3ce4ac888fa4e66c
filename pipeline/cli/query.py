"""`ogi query`: a saved query or a statement, read-only, on the published snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import duckdb
import pyarrow as pa

from pipeline.cli.answer import FORMATS, AnswerTarget
from pipeline.cli.export import is_inside_data
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.paths import Data
from pipeline.storage.database import ask, connect, lost_files_reported
from pipeline.storage.saved_queries import FOLDERS, prepare, saved_queries


@click.command(help=help_text("query"))
@click.argument("text", required=False)
@data_option
@click.option("-p", "--param", "parameters", multiple=True, help=help_text("param"))
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", help=help_text("format"))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=help_text("output"))
@click.option("--excel", is_flag=True, help=help_text("excel"))
@common_options
def command(
    text: str | None, root: Path, parameters: tuple[str, ...], form: str, output: Path | None, excel: bool
) -> int:
    """Print the answer or write it to a file; without a text, list the saved queries."""
    if excel and form != "csv":
        raise click.UsageError(say("usage.excel", current_language()))
    data, lang = existing_data(root), current_language()
    if text is None:
        return _list_queries(lang)
    if code := _output_fault(data, form, output):
        return _refuse(code, lang, path=output)
    try:
        given = dict(_parameter(p, lang) for p in parameters)
        with connect(data) as connection, lost_files_reported(connection):
            sql, values = prepare(connection, text, given, lang)
            return _answer(connection, sql, values, AnswerTarget(form, lang, output, excel))
    except DataFault as fault:
        if fault.code.startswith("data."):  # of the published data, not of the question
            raise
        return _refuse(fault.code, lang, **fault.values)
    except FileNotFoundError:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    except (duckdb.Error, pa.ArrowException) as error:
        return _refuse("query.failed", lang, error=str(error).splitlines()[0])
    except OSError as error:
        echo(say("query.disk", lang, error=error), err=True)
        return ExitCode.NOTHING


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


def _answer(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any], target: AnswerTarget) -> int:
    if target.format == "parquet":
        # A relation gives Arrow without a detour through Python objects.
        table = connection.sql(sql, params=values).to_arrow_table()
        names = table.column_names
        target.write_table(table)
    else:
        result = connection.execute(sql, values)
        names = [column[0] for column in result.description or ()]
        target.write_rows(names, result.fetchall())
    if not any("provenance" in name for name in names) and ask(connection, "simulated_reports")[0]["reports"]:
        echo(say("query.simulated", target.lang), err=True)
    return ExitCode.OK


def _parameter(text: str, lang: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(say("query.parameter", lang, text=text))
    return name, value


def _refuse(code: str, lang: str, **values: object) -> int:
    echo(say(code, lang, **values), err=True)
    return ExitCode.USAGE
