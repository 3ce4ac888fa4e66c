"""`ogi compile`: review the statutory form of a body and year, and write it as files unless something holds it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
import duckdb

from pipeline.cli.export import refuse
from pipeline.cli.options import InputFile, common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.output_files import check_folder, refusing_faults, write_files
from pipeline.cli.terminal import echo
from pipeline.core.form import Form, form_of, forms
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode, ProjectFault
from pipeline.publish.form.fill import FilledForm, fill_form
from pipeline.publish.form.report_files import FORMATS, write_report_files
from pipeline.publish.form.report_template import read_template
from pipeline.publish.form.review import review_form
from pipeline.publish.form.review_parts import CompilationReview
from pipeline.publish.form.review_text import review_sections, section_lines
from pipeline.storage.choose import choose
from pipeline.storage.database import ask, connect

FORMS_TO_FILL = [form.code for form in forms().values() if form.is_prescribed and form.has_table("applications")]


@dataclass(frozen=True)
class Request:
    """The form to fill: a body, a report year, `compiled` or `reported` figures, and optionally another form."""

    body: str
    year: int
    basis: str
    form: str | None


@click.command(help=help_text("compile"))
@click.option("--city", "--body", "body", required=True, help=help_text("city"))
@click.option("--year", required=True, type=click.IntRange(2008, 2100), help=help_text("year"))
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help=help_text("formats"))
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help=help_text("out"))
@click.option(
    "--basis",
    type=click.Choice(["compiled", "reported"]),
    default="compiled",
    show_default=True,
    help=help_text("basis"),
)
@click.option("--form", type=click.Choice(FORMS_TO_FILL), help=help_text("compile_form"))
@click.option("--template", type=InputFile(), help=help_text("template"))
@click.option("--date", "signed_on", type=click.DateTime(["%Y-%m-%d"]), help=help_text("date"))
@click.option("--replace", is_flag=True, help=help_text("replace_files"))
@click.option("--force", is_flag=True, help=help_text("force"))
@data_option
@common_options
@refusing_faults
def command(
    root: Path, body: str, year: int, formats: tuple[str, ...], out: Path, basis: str, form: str | None,
    template: Path | None, signed_on: datetime | None, replace: bool, force: bool,
) -> int:  # fmt: skip
    """Review the form, and write it in each format: 0 if it is written, 1 if something holds it back."""
    data, lang = existing_data(root), current_language()
    with connect(data) as connection:
        filled = _fill(connection, Request(body, year, basis, form))
        review = review_form(connection, filled)
    check_folder(data, out)
    _print_review(filled, review, lang)
    if review.is_held_back and not force:
        return _conclude("held", review, lang, ExitCode.PROBLEMS)
    day = signed_on.date() if signed_on else None
    files, faults = write_report_files(filled, review, read_template(template), formats or FORMATS, day)
    _print_faults(faults, lang, are_fatal=bool(formats))
    write_files(out, files, replace=replace)
    for name in files:
        echo(say("compile.done", lang, path=out / name))
    return _conclude("forced", review, lang, ExitCode.OK) if review.is_held_back else ExitCode.OK


def _conclude(outcome: str, review: CompilationReview, lang: str, code: ExitCode) -> int:
    """Print what holds the form back, and whether it was written; return the exit code."""
    counts = {"failures": len(review.blocking_failures), "members": len({g.body_id for g in review.missing_members})}
    return refuse(f"compile.review.{outcome}", lang, code, **counts)


def _print_faults(faults: Sequence[DataFault], lang: str, *, are_fatal: bool) -> None:
    """Print the faults of formats that cannot be written. Raises the first one if the user named the formats."""
    for fault in faults:
        if are_fatal or fault.code != "compile.pdf":
            raise fault
        echo(say(fault.code, lang, **fault.values), err=True)


def _print_review(filled: FilledForm, review: CompilationReview, lang: str) -> None:
    """Print how many cells have a number, the notes, and the sections of the review."""
    filled_cells = sum(c.value is not None for c in filled.cells.values() if not c.address.startswith("narrative/"))
    count = sum(len(t.cells) for t in filled.form.printed_tables)
    echo(say("compile.cells", lang, body=filled.body, year=filled.year, known=filled_cells, count=count))
    for note in filled.list_notes(lang):
        echo(note)
    for section in review_sections(review, lang):
        echo("\n  ".join([section.title, *section_lines(section, lang)]))
    if filled.banner:
        echo(filled.banner, err=True)


def _fill(connection: duckdb.DuckDBPyConnection, request: Request) -> FilledForm:
    """Return the filled form. Raises DataFault for an unknown body, a year without a form, or a form without data."""
    body = choose(connection, "body", request.body)
    filled = fill_form(
        connection, {"body_id": body["id"], "name": body["zh"]}, request.year, _form(request), request.basis
    )
    if not filled.provenances:
        rows = ask(connection, "compile_years", {"body": body["id"], "basis": request.basis})
        years = "、".join(str(row["year"]) for row in rows) or "—"
        raise DataFault(f"compile.no_{request.basis}", body=body["zh"], year=request.year, years=years)
    return filled


def _form(request: Request) -> Form:
    """Return the form that the user chose, else the prescribed one. Raises DataFault for an older form."""
    try:
        prescribed = form_of(request.year)
    except ProjectFault as fault:
        raise DataFault("compile.no_form", year=request.year) from fault
    if not prescribed.has_table("applications"):
        raise DataFault("compile.form", year=request.year, form=prescribed.code)
    return forms()[request.form] if request.form else prescribed
