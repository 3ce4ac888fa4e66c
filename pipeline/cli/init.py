"""`ogi init`: start a data folder for a city, with the members that have to report."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import InputFile, common_options, current_language, data_option, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.paths import Data
from pipeline.raw.start import read_names, start_folder


@click.command(help=help_text("init"))
@click.argument("city")
@click.option("--member", "members", multiple=True, metavar="NAME", help=help_text("init_member"))
@click.option("--members", "lists", multiple=True, type=InputFile(), help=help_text("init_members"))
@data_option
@common_options
def command(city: str, members: tuple[str, ...], lists: tuple[Path, ...], root: Path) -> int:
    """Start a data folder."""
    lang, data = current_language(), Data(root)
    try:
        names = [*members, *(name for path in lists for name in read_names(path))]
        started = start_folder(data, city, names)
    except DataFault as fault:
        raise click.UsageError(say(fault.code, lang, **fault.values)) from fault
    echo(say("init.done", lang, path=data.root, city=started.city.name, count=len(started.members)))
    for body in started.members:
        years = f"{body.first_year or ''}-{body.last_year or ''}" if body.first_year or body.last_year else ""
        echo(f"  {body.name}\t{say(f'site.level.{body.level}', lang)}\t{years}".rstrip())
    echo(say("init.next", lang, path=data.raw / "bodies.csv"))
    return ExitCode.OK
