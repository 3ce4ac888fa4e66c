"""`ogi rollback`: publish an earlier snapshot again."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import (
    common_options,
    current_language,
    data_option,
    decisions_option,
    existing_data,
    help_text,
)
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.job.run import roll_back
from pipeline.storage.snapshot import kept


@click.command(help=help_text("rollback"))
@click.argument("snapshot", required=False)
@data_option
@decisions_option
@common_options
def command(snapshot: str | None, root: Path, decisions: Path | None) -> int:
    """Publish a snapshot again: 2 if it is not kept, 3 if a run is under way."""
    data, lang = existing_data(root), current_language()
    try:
        record = roll_back(data, snapshot, decisions)
    except DataFault as fault:
        echo(say(fault.code, lang, **fault.values), err=True)
        return ExitCode.NOTHING
    except LookupError:
        names = "、".join(record.id for record in kept(data)) or "—"
        echo(say("rollback.none", lang, kept=names), err=True)
        return ExitCode.USAGE
    echo(say("rollback.done", lang, snapshot=record.id))
    return ExitCode.OK
