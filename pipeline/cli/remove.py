"""`ogi remove`: withdraw the report of a body and year from `data/raw`. The file is kept in `data/replaced`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.job.collection import reporting_register
from pipeline.raw.add import remove_report
from pipeline.registry.lookup import find_candidates


@click.command(help=help_text("remove"))
@click.argument("body")
@click.argument("year", type=click.IntRange(2008, 2100))
@click.option("--part", default="", help=help_text("part"))
@data_option
@common_options
def command(body: str, year: int, part: str, root: Path) -> int:
    """Withdraw a report."""
    data, lang = existing_data(root), current_language()
    try:
        register = reporting_register(data)
        candidates = [register.bodies[body]] if body in register.bodies else find_candidates(register, body, year)
        if len(candidates) != 1:
            names = " | ".join(candidate.name for candidate in candidates)
            raise DataFault("remove.body", body=body, candidates=names or "—")
        report_id = remove_report(data, candidates[0], year, part)
    except DataFault as fault:
        raise click.UsageError(say(fault.code, lang, **fault.values)) from fault
    echo(say("remove.done", lang, path=f"raw/{report_id}", replaced=data.replaced))
    return ExitCode.OK
