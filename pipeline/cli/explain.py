"""`ogi explain`: where a published number comes from, and which numbers a cell is part of, as a tree or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import duckdb

from pipeline.cli.extract import plain_value
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.publish.kind_trace import kind_cell_text, kind_number_text, trace_kind_cell, trace_kind_number
from pipeline.publish.trace_text import cell_text, number_text, trace_cell, trace_number
from pipeline.storage.database import connect


@click.command(help=help_text("explain"))
@click.argument("asked", nargs=-1, required=True)
@data_option
@click.option("--applicant", default="total", show_default=True, help=help_text("applicant"))
@click.option("--json", "as_json", is_flag=True, help=help_text("json"))
@common_options
def command(asked: tuple[str, ...], root: Path, applicant: str, as_json: bool) -> int:
    """Explain BODY YEAR INDICATOR downwards, or REPORT CELL upwards."""
    data, lang = existing_data(root), current_language()
    try:
        with connect(data) as connection:
            if len(asked) == 2:
                return _explain_cell(connection, asked[0], asked[1], lang, as_json=as_json)
            if len(asked) == 3 and asked[1].isdigit():
                return _explain_number(connection, asked, applicant, lang, as_json=as_json)
    except FileNotFoundError:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    except DataFault as fault:
        if fault.code.startswith("data."):  # of the published data, not of the question
            raise
        echo(say(fault.code, lang, **fault.values), err=True)
        return ExitCode.USAGE
    raise click.UsageError(say("explain.usage", lang))


def _explain_number(
    connection: duckdb.DuckDBPyConnection, asked: Sequence[str], applicant: str, lang: str, *, as_json: bool
) -> int:
    if values := trace_kind_number(connection, asked[0], int(asked[1]), asked[2]):
        _print_json(values) if as_json else echo(kind_number_text(values, lang), nl=False)
        return ExitCode.OK
    trace = trace_number(connection, asked[0], int(asked[1]), asked[2], applicant)
    if as_json:
        _print_json(trace)
    else:
        echo(number_text(trace, lang), nl=False)
    return ExitCode.OK


def _explain_cell(connection: duckdb.DuckDBPyConnection, report: str, cell: str, lang: str, *, as_json: bool) -> int:
    if values := trace_kind_cell(connection, report, cell):
        _print_json(values) if as_json else echo(kind_cell_text(report, cell, values, lang), nl=False)
        return ExitCode.OK
    observations = trace_cell(connection, report, cell)
    if as_json:
        _print_json(observations)
    else:
        echo(cell_text(report, cell, observations), nl=False)
    return ExitCode.OK


def _print_json(value: Any) -> None:
    echo(json.dumps(_plain(value), ensure_ascii=False, indent=1))


def _plain(value: Any) -> Any:
    """Return a value with all decimals in it as JSON numbers."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else plain_value(value)
