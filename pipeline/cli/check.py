"""`ogi check`: test reports before they are submitted; show their problems on screen and as pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.cli.annotate import write_copies
from pipeline.cli.check_lists import COLUMNS, as_json, csv_rows
from pipeline.cli.edit import to_json
from pipeline.cli.extract import report_files
from pipeline.cli.options import common_options, current_language, data_option, help_text
from pipeline.cli.terminal import echo, write
from pipeline.core.change_table import change_lines
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.job.check import check
from pipeline.publish.check_page import SENTENCE_KINDS, check_page, page_title, sentences_by_kind, verdict
from pipeline.publish.interchange.csv_format import csv_lines, excel_text
from pipeline.report import ProcessedReport

MAX_DERIVED_SHOWN = 10
MAX_NAME_BYTES = 255  # of a file name on common file systems
PAGE_SUFFIX = ".check.html"
COLORS = {"error": "red", "warning": "yellow", "answered": "green", "derived": "blue", "good": "green"}


@click.command(help=help_text("check"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--html", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help=help_text("html")
)
@click.option("--no-html", is_flag=True, help=help_text("no_html"))
@click.option(
    "--annotate", "copies", type=click.Path(path_type=Path, file_okay=False), help=help_text("check_annotate")
)
@click.option("--json", is_flag=True, help=help_text("check_json"))
@click.option("--csv", is_flag=True, help=help_text("check_csv"))
@data_option
@common_options
def command(files: tuple[Path, ...], root: Path, **options: Any) -> int:
    """Print problems and write pages: 0 without errors, 1 with errors, 3 if no file could be read.

    With `--json` or `--csv`, the problems are printed as data instead, and no page is written.
    """
    lang, as_data = current_language(), options["json"] or options["csv"]
    if options["json"] and options["csv"]:
        raise click.UsageError(say("usage.check_lists", lang))
    reports = check([path for file in files for path in report_files(file)], Data(root))
    if as_data:
        write(_list_as_json(reports, lang) + "\n" if options["json"] else _list_as_csv(reports, lang))
    folder = None if options["no_html"] or as_data else options["folder"]
    try:
        have_errors = [_has_errors(r, lang) if as_data else _report(r, folder, lang) for r in reports]
        if options["copies"]:
            write_copies(reports, options["copies"], lang)
    except OSError as error:
        echo(say("check.disk", lang, error=error), err=True)
        return ExitCode.NOTHING
    return _exit_code(reports, have_errors)


def _exit_code(reports: Sequence[ProcessedReport], have_errors: Sequence[bool]) -> int:
    if all(report.fault for report in reports):
        return ExitCode.NOTHING
    return ExitCode.PROBLEMS if any(have_errors) else ExitCode.OK


def _has_errors(report: ProcessedReport, lang: str) -> bool:
    return report.fault is not None or bool(sentences_by_kind(report, lang)["error"])


def _list_as_json(reports: Sequence[ProcessedReport], lang: str) -> str:
    return to_json([as_json(report, lang) for report in reports])


def _list_as_csv(reports: Sequence[ProcessedReport], lang: str) -> str:
    """Return the problems as CSV that Excel and WPS read: with a byte order mark, and no text is a formula."""
    rows = (row for report in reports for row in csv_rows(report, lang))
    return "".join(csv_lines(COLUMNS, ([excel_text(row.get(name)) for name in COLUMNS] for row in rows), excel=True))


def _report(report: ProcessedReport, folder: Path | None, lang: str) -> bool:
    """Print one report and write its page; return whether it has errors. Raises OSError."""
    if report.fault:
        reason = say(report.fault.code, lang, **report.fault.values)
        echo(say("extract.fault", lang, path=report.source.path, why=reason), err=True)
        return True
    echo(page_title(report, lang), nl=False, bold=True)
    echo(f"  {report.source.path}")
    sentences = sentences_by_kind(report, lang)
    for kind in SENTENCE_KINDS:
        _print_list(kind, sentences[kind], lang)
    _print_changes(report, lang)
    conclusion, sentence = verdict(sentences, lang)
    echo(sentence, fg=COLORS[conclusion])
    if folder is not None:
        echo(say("check.page", lang, path=_write_page(report, folder, lang)))
    echo("")
    return conclusion == "error"


def _print_list(kind: str, lines: list[str], lang: str) -> None:
    if lines:
        echo(f"{say(f'check.list.{kind}', lang)}（{len(lines)}）", fg=COLORS[kind])
        # A few of many derived blanks show how they are read; the page has all. Problems are printed in full.
        shown = lines[:MAX_DERIVED_SHOWN] if kind == "derived" else lines
        for number, line in enumerate(shown, start=1):
            echo(f"  {number}. {line}")
        if len(shown) < len(lines):
            echo("  " + say("check.more", lang, count=len(lines) - len(shown)))


def _print_changes(report: ProcessedReport, lang: str) -> None:
    if lines := change_lines(report.changes.get(lang, ()), lang):
        echo(say("changes.title", lang))
        for line in lines:
            echo(f"  {line}")


def _write_page(report: ProcessedReport, folder: Path, lang: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (_shortened(Path(report.source.path).name, MAX_NAME_BYTES - len(PAGE_SUFFIX)) + PAGE_SUFFIX)
    path.write_text(check_page(report, lang), encoding="utf-8")
    return path


def _shortened(name: str, max_bytes: int) -> str:
    """Return a file name of at most `max_bytes` bytes, cut between characters."""
    return name.encode(errors="surrogateescape")[:max_bytes].decode(errors="ignore")
