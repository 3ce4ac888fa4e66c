"""`ogi bodies`: list the bodies that report, and confirm or rename those that are known by their name only."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.raw.confirm import confirm_body, list_bodies


@click.command(help=help_text("bodies"))
@click.argument("names", nargs=-1)
@click.option("--confirm", is_flag=True, help=help_text("bodies_confirm"))
@click.option("--rename", metavar="NAME", help=help_text("rename"))
@data_option
@common_options
def command(names: tuple[str, ...], confirm: bool, rename: str | None, root: Path) -> int:
    """List or confirm bodies."""
    lang, data = current_language(), existing_data(root)
    if (confirm and not names) or (rename and len(names) != 1):
        raise click.UsageError(say("bodies.which", lang))
    try:
        if confirm or rename:
            for name in names:
                echo(say("bodies.confirmed", lang, **confirm_body(data, name, rename or "")))
            return ExitCode.OK
    except DataFault as fault:
        raise click.UsageError(say(fault.code, lang, **fault.values)) from fault
    for body in list_bodies(data):
        if not names or any(name in body.name for name in names):
            state = say("bodies.recognised" if body.recognised else "bodies.registered", lang)
            echo(f"{body.body_id}\t{body.name}\t{say(f'site.level.{body.level}', lang)}\t{state}")
    return ExitCode.OK
