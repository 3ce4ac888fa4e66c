"""The command line `ogi`: it parses and calls one module; heavy imports wait inside the commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from pipeline.messages import LANGUAGES, language, say
from pipeline.model import ProjectFault
from pipeline.paths import REFERENCE, Data

LANG = language(sys.argv[1:])
USAGE, NOTHING = 2, 3
FORMS = ("table", "csv", "json", "parquet")


def _help(code: str) -> str:
    return say(f"help.{code}", LANG)


def _common(command: Any) -> Any:
    """`--lang` and `--help` on every command. The language is read before click runs, for the help itself needs it."""
    chosen = click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=_help("lang"))
    return click.help_option("--help", "-h", help=_help("help"))(chosen(command))


def _data_option(command: Any) -> Any:
    return click.option(
        "--data", "root", type=click.Path(path_type=Path), default=Path("data"), envvar="OGI_DATA", show_default=True,
        help=_help("data"),
    )(command)  # fmt: skip


def _decisions_option(command: Any) -> Any:
    return click.option(
        "--decisions", type=click.Path(path_type=Path, exists=True, dir_okay=False), envvar="OGI_DECISIONS",
        default=REFERENCE / "decisions.csv", help=_help("decisions"),
    )(command)  # fmt: skip


def _data(root: Path) -> Data:
    if not (root / "raw").is_dir():
        raise click.UsageError(say("usage.data", LANG, path=root))
    return Data(root)


@click.group(help=_help("ogi"))
@click.version_option(package_name="ogi", help=_help("version"))
@_common
def ogi() -> None:
    """Entry of all commands."""


@ogi.command(help=_help("run"))
@_data_option
@_decisions_option
@click.option("--quiet", is_flag=True, help=_help("quiet"))
@click.option("--wait", type=click.FloatRange(min=0), default=0, show_default=True, help=_help("wait"))
@click.option("--keep", type=click.IntRange(min=1), default=3, show_default=True, help=_help("keep"))
@click.option("--workers", type=click.IntRange(min=0), default=0, envvar="OGI_WORKERS", help=_help("workers"))
@_common
def run(root: Path, decisions: Path, quiet: bool, wait: float, keep: int, workers: int) -> None:
    """All stages from raw reports to a published snapshot."""
    from pipeline.run import Setting
    from pipeline.show.job import run_job

    sys.exit(run_job(_data(root), LANG, Setting(decisions, keep, workers), quiet=quiet, wait=wait))


@ogi.command(help=_help("rollback"))
@click.argument("snapshot", required=False)
@_data_option
@_decisions_option
@_common
def rollback(snapshot: str | None, root: Path, decisions: Path) -> None:
    """Publish an earlier snapshot again."""
    from pipeline.show.past import show_rollback

    sys.exit(show_rollback(_data(root), snapshot, decisions, LANG))


@ogi.command(help=_help("history"))
@click.argument("report", required=False)
@_data_option
@_common
def history(report: str | None, root: Path) -> None:
    """What the runs did; what changed in a report."""
    from pipeline.show.past import show_history

    sys.exit(show_history(_data(root), report, LANG))


@ogi.command(help=_help("extract"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_data_option
@click.option("--json", "as_json", is_flag=True, help=_help("json"))
@_common
def extract(files: tuple[Path, ...], root: Path, as_json: bool) -> None:
    """Read reports without writing data."""
    from pipeline.show.extraction import show_extraction

    sys.exit(show_extraction(files, Data(root).raw, LANG, as_json=as_json))


@ogi.command(help=_help("check"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--html", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help=_help("html"))
@click.option("--no-html", is_flag=True, help=_help("no_html"))
@_data_option
@_common
def check(files: tuple[Path, ...], folder: Path, no_html: bool, root: Path) -> None:
    """What does not add up in reports, before they are submitted."""
    from pipeline.show.check import show_checks

    sys.exit(show_checks(files, Data(root), None if no_html else folder, LANG))


@ogi.command(help=_help("decide"))
@click.argument("report", required=False)
@click.argument("cell", required=False)
@_data_option
@_decisions_option
@click.option("--accept", "operation", flag_value="accept", help=_help("accept"))
@click.option("--reject", "operation", flag_value="reject", help=_help("reject"))
@click.option("--revert", "operation", flag_value="revert", help=_help("revert"))
@click.option("--now", help=_help("now"))
@click.option("--reason", help=_help("reason"))
@click.option("--evidence", help=_help("evidence"))
@click.option("--who", help=_help("who"))
@_common
def decide(report: str | None, cell: str | None, root: Path, **given: Any) -> None:
    """List what is proposed, or decide on one cell."""
    from pipeline.show.decisions import show_decisions

    sys.exit(show_decisions(_data(root), LANG, report, cell, **given))


@ogi.command(help=_help("edit"))
@click.argument("cases", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_common
def edit(cases: Path) -> None:
    """Editing for any linear edits, from JSON to JSON."""
    from pipeline.show.cases import show_cases

    sys.exit(show_cases(cases, LANG))


@ogi.command(help=_help("status"))
@_data_option
@click.option("--all", "everything", is_flag=True, help=_help("all"))
@_common
def status(root: Path, everything: bool) -> None:
    """State of the published data."""
    from pipeline.show.state import show_status

    sys.exit(show_status(_data(root), LANG, everything=everything))


@ogi.command(help=_help("query"))
@click.argument("text", required=False)
@_data_option
@click.option("-p", "--param", "parameters", multiple=True, help=_help("param"))
@click.option("--format", "form", type=click.Choice(FORMS), default="table", help=_help("format"))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=_help("output"))
@_common
def query(text: str | None, root: Path, parameters: tuple[str, ...], form: str, output: Path | None) -> None:
    """Run a saved query or a SQL statement, read-only."""
    from pipeline.show.query import show_query

    sys.exit(show_query(_data(root), text, parameters, form, LANG, output))


@ogi.command(help=_help("export"))
@click.argument("form", metavar="FORMAT", type=click.Choice(["sdmx", "frictionless", "parquet"]))
@click.argument("folder", type=click.Path(path_type=Path))
@_data_option
@click.option("--replace", is_flag=True, help=_help("replace_export"))
@_common
def export(form: str, folder: Path, root: Path, replace: bool) -> None:
    """The published snapshot in an interchange format."""
    from pipeline.show.export import show_export

    sys.exit(show_export(_data(root), form, folder, replace=replace, lang=LANG))


@ogi.command(help=_help("site"))
@_data_option
@click.option("--out", "folder", type=click.Path(path_type=Path), help=_help("site_out"))
@click.option("--boundaries", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=_help("boundaries"))
@_common
def site(root: Path, folder: Path | None, boundaries: Path | None) -> None:
    """The static site of the published data."""
    from pipeline.show.site import show_site

    sys.exit(show_site(_data(root), folder or root / "site", boundaries, LANG))


@ogi.command(help=_help("explain"))
@click.argument("asked", nargs=-1, required=True, metavar="BODY YEAR INDICATOR | REPORT CELL")
@_data_option
@click.option("--applicant", default="total", show_default=True, help=_help("applicant"))
@click.option("--json", "as_json", is_flag=True, help=_help("json"))
@_common
def explain(asked: tuple[str, ...], root: Path, applicant: str, as_json: bool) -> None:
    """A number down to its cells, or a cell up to its numbers."""
    from pipeline.show.explain import show_explanation

    sys.exit(show_explanation(_data(root), LANG, asked, applicant=applicant, as_json=as_json))


@ogi.command(name="compile", help=_help("compile"))
@click.option("--city", required=True, help=_help("city"))
@click.option("--year", required=True, type=click.IntRange(2008, 2100), help=_help("year"))
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(["docx", "xlsx", "html", "pdf"]), help=_help("formats")
)
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help=_help("out"))
@click.option(
    "--basis", type=click.Choice(["compiled", "reported"]), default="compiled", show_default=True, help=_help("basis")
)
@click.option("--form", type=click.Choice(["2019", "2021"]), help=_help("form"))
@click.option("--template", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=_help("template"))
@click.option("--replace", is_flag=True, help=_help("replace"))
@_data_option
@_common
def compile_form(root: Path, city: str, year: int, **given: Any) -> None:
    """The statutory form of a city and year as files."""
    from pipeline.show.compile import show_compiled

    sys.exit(show_compiled(_data(root), LANG, city, year, **given))


@ogi.command(help=_help("add"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_data_option
@click.option("--body", help=_help("body"))
@click.option("--year", type=click.IntRange(2008, 2100), help=_help("year"))
@click.option(
    "--provenance", type=click.Choice(["published", "transcribed"]), default="published", help=_help("provenance")
)
@click.option("--source", required=True, help=_help("source"))
@click.option("--replace", is_flag=True, help=_help("replace"))
@_common
def add(file: Path, root: Path, **given: Any) -> None:
    """Register a report."""
    from pipeline.add import add_report

    report_id, body, year = add_report(_data(root), file, lang=LANG, **given)
    click.echo(say("add.done", LANG, path=f"raw/{report_id}", body=body, year=year))


@ogi.command(help=_help("simulate"))
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@_data_option
@click.option("--seed", type=int, default=2019, show_default=True, help=_help("seed"))
@click.option("--cities", type=click.IntRange(min=1), help=_help("simulate.cities"))
@click.option("--reports", type=click.IntRange(min=1), help=_help("simulate.reports"))
@click.option("--members", type=click.IntRange(min=1, max=1000), help=_help("simulate.members"))
@click.option("--years", help=_help("simulate.years"))
@click.option("--formats", help=_help("simulate.formats"))
@click.option("--errors", type=click.FloatRange(0, 100), help=_help("simulate.errors"))
@click.option("--processes", type=click.IntRange(min=1), help=_help("simulate.processes"))
@_common
def simulate(folder: Path | None, root: Path, seed: int, **given: Any) -> None:
    """Make the simulated member reports again, or a corpus of any size in a folder."""
    from pipeline.show.simulation import show_corpus, show_members

    chosen = {name: value for name, value in given.items() if value is not None}
    if folder is None and chosen:
        raise click.UsageError(say("simulate.folder", LANG, option=f"--{next(iter(chosen))}"))
    if folder is None:
        show_members(_data(root), seed, LANG)
    else:
        show_corpus(folder, LANG, seed=seed, **chosen)


def _crash(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """A fault of the program ends with 3, as nothing is published; Python's own 1 would say that something is."""
    sys.__excepthook__(kind, fault, trace)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(NOTHING)


def main() -> None:
    """Run `ogi`; a fault of the project's own files ends it with one line and exit code 3."""
    sys.excepthook = _crash
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        ogi(prog_name="ogi")
    except ProjectFault as fault:
        click.echo(say("run.project", LANG, error=fault), err=True)
        sys.exit(NOTHING)


if __name__ == "__main__":
    main()
