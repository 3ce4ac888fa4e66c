"""`ogi brief`: one A4 page for the leader about a city and year, as DOCX and PDF."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.output_files import check_folder, refusing_faults, write_files
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.publish.brief.facts import collect_facts
from pipeline.publish.brief.files import WRITERS, write_brief
from pipeline.storage.database import connect


@click.command(help=help_text("brief"))
@click.option("--city", "--body", "body", required=True, help=help_text("city"))
@click.option("--year", required=True, type=click.IntRange(2008, 2100), help=help_text("year"))
@click.option("--format", "formats", multiple=True, type=click.Choice(list(WRITERS)), help=help_text("formats"))
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help=help_text("out"))
@click.option("--replace", is_flag=True, help=help_text("replace_files"))
@data_option
@common_options
@refusing_faults
def command(root: Path, body: str, year: int, formats: tuple[str, ...], out: Path, replace: bool) -> int:
    """Write the page in each format."""
    data, lang = existing_data(root), current_language()
    with connect(data) as connection:
        facts = collect_facts(connection, body, year)
    check_folder(data, out)
    files, faults = write_brief(facts, formats or tuple(WRITERS), lang)
    if faults and (formats or not files):
        raise faults[0]
    write_files(out, files, replace=replace)
    for lack in faults:
        echo(say(lack.code, lang, **lack.values), err=True)
    for name in files:
        echo(say("compile.done", lang, path=out / name))
    if facts.filled.banner:
        echo(facts.filled.banner, err=True)
    return ExitCode.OK
