"""`ogi compile`: the statutory form of a body and year from the published data, as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb

from pipeline.cli.export import is_inside_data, refuse
from pipeline.cli.options import InputFile, common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.change_table import change_lines
from pipeline.core.files import write_atomically
from pipeline.core.form import Form, form_of, forms
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode, ProjectFault
from pipeline.core.paths import SQL, Data
from pipeline.publish.form.docx import write_docx
from pipeline.publish.form.fill import FilledForm, fill_form
from pipeline.publish.form.html import write_html, write_pdf
from pipeline.publish.form.report_template import DocumentBlock, compose, read_template
from pipeline.publish.form.xlsx import write_xlsx
from pipeline.storage.choose import choose
from pipeline.storage.database import Row, ask, connect, rows

Writer = Callable[[FilledForm, Sequence[DocumentBlock]], bytes]
WRITERS: Mapping[str, Writer] = {"docx": write_docx, "xlsx": write_xlsx, "html": write_html, "pdf": write_pdf}
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
@click.option("--format", "formats", multiple=True, type=click.Choice(list(WRITERS)), help=help_text("formats"))
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help=help_text("out"))
@click.option(
    "--basis",
    type=click.Choice(["compiled", "reported"]),
    default="compiled",
    show_default=True,
    help=help_text("basis"),
)
@click.option("--form", type=click.Choice(FORMS_TO_FILL), help=help_text("form"))
@click.option("--template", type=InputFile(), help=help_text("template"))
@click.option("--replace", is_flag=True, help=help_text("replace"))
@data_option
@common_options
def command(
    root: Path, body: str, year: int, formats: tuple[str, ...], out: Path, basis: str, form: str | None,
    template: Path | None, replace: bool,
) -> int:  # fmt: skip
    """Write the form in each format."""
    data, lang = existing_data(root), current_language()
    try:
        with connect(data) as connection:
            filled = _fill(connection, Request(body, year, basis, form))
            changes = _changes(connection, filled, lang)
        blocks = compose(filled, read_template(template))
        files = _contents(filled, blocks, formats, lang)
        _write(data, out, files, replace=replace)
    except FileNotFoundError:
        return refuse("status.none", lang, ExitCode.NOTHING)
    except DataFault as fault:
        return refuse(fault.code, lang, ExitCode.USAGE, **fault.values)
    except OSError as error:
        return refuse("compile.disk", lang, ExitCode.NOTHING, error=error)
    _print_result(filled, [out / name for name in files], lang)
    if changes:
        echo("\n  ".join([say("changes.title", lang), *change_lines(changes, lang)]))
    return ExitCode.OK


def _changes(connection: duckdb.DuckDBPyConnection, filled: FilledForm, lang: str) -> list[Row]:
    """Return the largest changes of the figures of the form against the year before.

    They are not written into the files: a reader of a file would take last year's numbers for figures of the report.
    """
    parameters = {"body": filled.body_id, "year": filled.year, "basis": filled.basis, "indicator": None, "lang": lang}
    query = (SQL / "queries" / "jumps.sql").read_text(encoding="utf-8")
    return [row for row in rows(connection, query, parameters) if row["body"] == filled.body]


def _print_result(filled: FilledForm, paths: Sequence[Path], lang: str) -> None:
    filled_cells = sum(c.value is not None for c in filled.cells.values() if not c.address.startswith("narrative/"))
    count = sum(len(t.cells) for t in filled.form.printed_tables)
    for path in paths:
        echo(say("compile.done", lang, path=path))
    echo(say("compile.cells", lang, body=filled.body, year=filled.year, known=filled_cells, count=count))
    for note in filled.notes:
        echo(note)
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


def _contents(
    filled: FilledForm, blocks: Sequence[DocumentBlock], formats: Sequence[str], lang: str
) -> dict[str, bytes]:
    """Return the content of each file by name. A PDF that was not asked for by name may be missing."""
    mark = ("-partial" if filled.is_partial else "") + ("-simulated" if filled.is_simulated else "")
    stem = f"{filled.body_id}-{filled.year}-form{filled.form.code}-{filled.basis}{mark}"
    contents: dict[str, bytes] = {}
    for name in dict.fromkeys(formats or WRITERS):
        try:
            contents[f"{stem}.{name}"] = WRITERS[name](filled, blocks)
        except DataFault as fault:
            if formats or fault.code != "compile.pdf":
                raise
            echo(say(fault.code, lang, **fault.values), err=True)
    return contents


def _write(data: Data, out: Path, files: Mapping[str, bytes], *, replace: bool) -> None:
    """Write all files or none. A file that somebody has edited is kept, unless it may be replaced."""
    if is_inside_data(data, out.resolve()):
        raise DataFault("compile.inside", path=out)
    if out.exists() and not out.is_dir():
        raise DataFault("compile.file", path=out)
    edited = [n for n, content in files.items() if (out / n).exists() and (out / n).read_bytes() != content]
    if edited and not replace:
        raise DataFault("compile.exists", paths="、".join(str(out / name) for name in edited))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_atomically(out / name, content)
