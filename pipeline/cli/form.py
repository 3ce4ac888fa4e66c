"""`ogi form`: write blank forms for the members of a city."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.output_files import check_folder, refusing_faults, write_files
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.publish.form.blank import FORMATS, blank_forms, is_carried, write_blank_form


@click.command(help=help_text("form"))
@click.option("--blank", "city", metavar="CITY", required=True, help=help_text("blank"))
@click.option("--year", required=True, type=click.IntRange(2008, 2100), help=help_text("year"))
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help=help_text("form_formats"))
@click.option("--output", "out", type=click.Path(path_type=Path), default=Path(), help=help_text("form_output"))
@click.option("--replace", is_flag=True, help=help_text("replace_files"))
@data_option
@common_options
@refusing_faults
def command(root: Path, city: str, year: int, formats: tuple[str, ...], out: Path, replace: bool) -> int:
    """Write a blank form per member and format."""
    data, lang = existing_data(root), current_language()
    check_folder(data, out)
    forms = blank_forms(data, city, year)
    files = dict(write_blank_form(form, name) for form in forms for name in dict.fromkeys(formats or FORMATS[:1]))
    write_files(out, files, replace=replace)
    for name in files:
        echo(say("form.done", lang, path=out / name))
    carried = sum(map(is_carried, forms))
    echo(say("form.summary", lang, city=city, year=year, count=len(forms), carried=carried))
    if not carried:
        echo(say("form.no_carry", lang, year=year - 1), err=True)
    return ExitCode.OK
