"""The command line `ogi`: it parses and calls one module; heavy imports wait inside the commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from pipeline.cli.options import LANG, common, data_in, data_option, decisions_option, told_help
from pipeline.core.messages import say
from pipeline.core.model import ExitCode, ProjectFault
from pipeline.core.paths import Data

FORMS = ("table", "csv", "json", "parquet")


@click.group(help=told_help("ogi"))
@click.version_option(package_name="ogi", help=told_help("version"))
@common
def ogi() -> None:
    """Entry of all commands."""


@ogi.command(help=told_help("run"))
@data_option
@decisions_option
@click.option("--quiet", is_flag=True, help=told_help("quiet"))
@click.option("--wait", type=click.FloatRange(min=0), default=0, show_default=True, help=told_help("wait"))
@click.option("--keep", type=click.IntRange(min=1), default=3, show_default=True, help=told_help("keep"))
@click.option("--workers", type=click.IntRange(min=0), default=0, envvar="OGI_WORKERS", help=told_help("workers"))
@click.option("--scheduler", envvar="OGI_SCHEDULER", help=told_help("scheduler"))
@common
def run(root: Path, decisions: Path, quiet: bool, wait: float, **given: Any) -> None:
    """All stages from raw reports to a published snapshot."""
    from pipeline.cli.run import run_job
    from pipeline.job.run import Setting

    sys.exit(run_job(data_in(root), LANG, Setting(decisions, **given), quiet=quiet, wait=wait))


@ogi.command(help=told_help("rollback"))
@click.argument("snapshot", required=False)
@data_option
@decisions_option
@common
def rollback(snapshot: str | None, root: Path, decisions: Path) -> None:
    """Publish an earlier snapshot again."""
    from pipeline.cli.history import show_rollback

    sys.exit(show_rollback(data_in(root), snapshot, decisions, LANG))


@ogi.command(help=told_help("history"))
@click.argument("report", required=False)
@data_option
@common
def history(report: str | None, root: Path) -> None:
    """What the runs did; what changed in a report."""
    from pipeline.cli.history import show_history

    sys.exit(show_history(data_in(root), report, LANG))


@ogi.command(help=told_help("extract"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@data_option
@click.option("--json", "as_json", is_flag=True, help=told_help("json"))
@common
def extract(files: tuple[Path, ...], root: Path, as_json: bool) -> None:
    """Read reports without writing data."""
    from pipeline.cli.extract import show_extraction

    sys.exit(show_extraction(files, Data(root).raw, LANG, as_json=as_json))


@ogi.command(help=told_help("check"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--html", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help=told_help("html")
)
@click.option("--no-html", is_flag=True, help=told_help("no_html"))
@data_option
@common
def check(files: tuple[Path, ...], folder: Path, no_html: bool, root: Path) -> None:
    """What does not add up in reports, before they are submitted."""
    from pipeline.cli.check import show_checks

    sys.exit(show_checks(files, Data(root), None if no_html else folder, LANG))


@ogi.command(help=told_help("decide"))
@click.argument("report", required=False)
@click.argument("cell", required=False)
@data_option
@decisions_option
@click.option("--accept", "operation", flag_value="accept", help=told_help("accept"))
@click.option("--reject", "operation", flag_value="reject", help=told_help("reject"))
@click.option("--revert", "operation", flag_value="revert", help=told_help("revert"))
@click.option("--now", help=told_help("now"))
@click.option("--reason", help=told_help("reason"))
@click.option("--evidence", help=told_help("evidence"))
@click.option("--who", help=told_help("who"))
@common
def decide(report: str | None, cell: str | None, root: Path, **given: Any) -> None:
    """List what is proposed, or decide on one cell."""
    from pipeline.cli.decide import show_decisions

    sys.exit(show_decisions(data_in(root), LANG, report, cell, **given))


@ogi.command(help=told_help("edit"))
@click.argument("cases", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@common
def edit(cases: Path) -> None:
    """Editing for any linear edits, from JSON to JSON."""
    from pipeline.cli.edit import show_cases

    sys.exit(show_cases(cases, LANG))


@ogi.command(help=told_help("status"))
@data_option
@click.option("--all", "everything", is_flag=True, help=told_help("all"))
@common
def status(root: Path, everything: bool) -> None:
    """State of the published data."""
    from pipeline.cli.status import show_status

    sys.exit(show_status(data_in(root), LANG, everything=everything))


@ogi.command(help=told_help("query"))
@click.argument("text", required=False)
@data_option
@click.option("-p", "--param", "parameters", multiple=True, help=told_help("param"))
@click.option("--format", "form", type=click.Choice(FORMS), default="table", help=told_help("format"))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=told_help("output"))
@common
def query(text: str | None, root: Path, parameters: tuple[str, ...], form: str, output: Path | None) -> None:
    """Run a saved query or a SQL statement, read-only."""
    from pipeline.cli.query import show_query

    sys.exit(show_query(data_in(root), text, parameters, form, LANG, output))


@ogi.command(help=told_help("export"))
@click.argument("form", metavar="FORMAT", type=click.Choice(["sdmx", "frictionless", "parquet"]))
@click.argument("folder", type=click.Path(path_type=Path))
@data_option
@click.option("--replace", is_flag=True, help=told_help("replace_export"))
@common
def export(form: str, folder: Path, root: Path, replace: bool) -> None:
    """The published snapshot in an interchange format."""
    from pipeline.cli.export import show_export

    sys.exit(show_export(data_in(root), form, folder, replace=replace, lang=LANG))


@ogi.command(help=told_help("site"))
@data_option
@click.option("--out", "folder", type=click.Path(path_type=Path), help=told_help("site_out"))
@click.option(
    "--boundaries", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=told_help("boundaries")
)
@common
def site(root: Path, folder: Path | None, boundaries: Path | None) -> None:
    """The static site of the published data."""
    from pipeline.cli.site import show_site

    sys.exit(show_site(data_in(root), folder or root / "site", boundaries, LANG))


@ogi.command(help=told_help("explain"))
@click.argument("asked", nargs=-1, required=True, metavar="BODY YEAR INDICATOR | REPORT CELL")
@data_option
@click.option("--applicant", default="total", show_default=True, help=told_help("applicant"))
@click.option("--json", "as_json", is_flag=True, help=told_help("json"))
@common
def explain(asked: tuple[str, ...], root: Path, applicant: str, as_json: bool) -> None:
    """A number down to its cells, or a cell up to its numbers."""
    from pipeline.cli.explain import show_explanation

    sys.exit(show_explanation(data_in(root), LANG, asked, applicant=applicant, as_json=as_json))


@ogi.command(name="compile", help=told_help("compile"))
@click.option("--city", required=True, help=told_help("city"))
@click.option("--year", required=True, type=click.IntRange(2008, 2100), help=told_help("year"))
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(["docx", "xlsx", "html", "pdf"]), help=told_help("formats")
)
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help=told_help("out"))
@click.option(
    "--basis",
    type=click.Choice(["compiled", "reported"]),
    default="compiled",
    show_default=True,
    help=told_help("basis"),
)
@click.option("--form", type=click.Choice(["2019", "2021"]), help=told_help("form"))
@click.option("--template", type=click.Path(path_type=Path, exists=True, dir_okay=False), help=told_help("template"))
@click.option("--replace", is_flag=True, help=told_help("replace"))
@data_option
@common
def compile_form(root: Path, city: str, year: int, **given: Any) -> None:
    """The statutory form of a city and year as files."""
    from pipeline.cli.compile import show_compiled

    sys.exit(show_compiled(data_in(root), LANG, city, year, **given))


@ogi.command(help=told_help("add"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@click.option("--body", help=told_help("body"))
@click.option("--year", type=click.IntRange(2008, 2100), help=told_help("year"))
@click.option(
    "--provenance", type=click.Choice(["published", "transcribed"]), default="published", help=told_help("provenance")
)
@click.option("--source", required=True, help=told_help("source"))
@click.option("--replace", is_flag=True, help=told_help("replace"))
@common
def add(file: Path, root: Path, **given: Any) -> None:
    """Register a report."""
    from pipeline.raw.add import add_report

    report_id, body, year = add_report(data_in(root), file, lang=LANG, **given)
    click.echo(say("add.done", LANG, path=f"raw/{report_id}", body=body, year=year))


@ogi.command(help=told_help("fetch"))
@click.argument("url")
@data_option
@common
def fetch(url: str, root: Path) -> None:
    """The reports of a store into `data/raw`."""
    from pipeline.cli.fetch import show_fetch

    sys.exit(show_fetch(Data(root), url, LANG))


@ogi.command(help=told_help("push"))
@click.argument("url")
@data_option
@common
def push(url: str, root: Path) -> None:
    """The published snapshot to a store."""
    from pipeline.cli.fetch import show_push

    sys.exit(show_push(data_in(root), url, LANG))


@ogi.command(help=told_help("simulate"))
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@data_option
@click.option("--seed", type=int, default=2019, show_default=True, help=told_help("seed"))
@click.option("--cities", type=click.IntRange(min=1), help=told_help("simulate.cities"))
@click.option("--reports", type=click.IntRange(min=1), help=told_help("simulate.reports"))
@click.option("--members", type=click.IntRange(min=1, max=1000), help=told_help("simulate.members"))
@click.option("--years", help=told_help("simulate.years"))
@click.option("--formats", help=told_help("simulate.formats"))
@click.option("--errors", type=click.FloatRange(0, 100), help=told_help("simulate.errors"))
@click.option("--processes", type=click.IntRange(min=1), help=told_help("simulate.processes"))
@common
def simulate(folder: Path | None, root: Path, seed: int, **given: Any) -> None:
    """Make the simulated member reports again, or a corpus of any size in a folder."""
    from pipeline.cli.simulate import show_corpus, show_members

    chosen = {name: value for name, value in given.items() if value is not None}
    if folder is None and chosen:
        raise click.UsageError(say("simulate.folder", LANG, option=f"--{next(iter(chosen))}"))
    if folder is None:
        show_members(data_in(root), seed, LANG)
    else:
        show_corpus(folder, LANG, seed=seed, **chosen)


def _crash(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """A fault of the program ends with 3, as nothing is published; Python's own 1 would say that something is."""
    sys.__excepthook__(kind, fault, trace)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ExitCode.NOTHING)


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
        sys.exit(ExitCode.NOTHING)


if __name__ == "__main__":
    main()
