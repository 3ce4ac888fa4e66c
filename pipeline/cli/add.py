"""`ogi add`: copy a report to `data/raw` and register it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import InputFile, common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.raw.add import NewReport, add_report


@click.command(help=help_text("add"))
@click.argument("file", type=InputFile())
@data_option
@click.option("--body", help=help_text("body"))
@click.option("--year", type=click.IntRange(2008, 2100), help=help_text("year"))
@click.option(
    "--provenance", type=click.Choice(["published", "transcribed"]), default="published", help=help_text("provenance")
)
@click.option("--source", required=True, help=help_text("source"))
@click.option("--replace", is_flag=True, help=help_text("replace"))
@common_options
def command(file: Path, root: Path, **fields: Any) -> int:
    """Add a report."""
    lang = current_language()
    try:
        added = add_report(existing_data(root), NewReport(file, **fields))
    except DataFault as fault:
        reason = say(fault.code, lang, **fault.values)
        if fault.code.startswith(("read.", "extract.")):
            reason = say("extract.fault", lang, path=file, why=reason)
        raise click.UsageError(reason) from fault
    echo(say("add.done", lang, path=f"raw/{added.report_id}", body=added.body, year=added.year))
    return ExitCode.OK
