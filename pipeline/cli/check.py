"""`ogi check`: test reports before they are submitted; show their problems on screen and as pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pipeline.cli.annotate import write_copies
from pipeline.cli.check_index import PAGE_SUFFIX, page_names, write_index
from pipeline.cli.check_lists import COLUMNS, as_json, csv_rows
from pipeline.cli.edit import to_json
from pipeline.cli.options import common_options, current_language, data_option, help_text
from pipeline.cli.terminal import echo, write
from pipeline.core.change_table import change_lines
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.core.sentences import separator
from pipeline.job.receipt import Receipt
from pipeline.job.receive import receive
from pipeline.job.structure import audit_files
from pipeline.publish.check_page import SENTENCE_KINDS, check_page, page_title, sentences_by_kind, verdict
from pipeline.publish.interchange.csv_format import csv_lines, excel_text
from pipeline.publish.receipt_text import receipt_state
from pipeline.raw.incoming import list_incoming
from pipeline.report import ProcessedReport

MAX_DERIVED_SHOWN = 10
COLORS = {
    "error": "red",
    "warning": "yellow",
    "answered": "green",
    "derived": "blue",
    "structure": "yellow",
    "good": "green",
}


@click.command(help=help_text("check"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--html", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help=help_text("html")
)
@click.option("--year", type=click.IntRange(2008, 2100), help=help_text("check_year"))
@click.option("--no-html", is_flag=True, help=help_text("no_html"))
@click.option(
    "--annotate", "copies", type=click.Path(path_type=Path, file_okay=False), help=help_text("check_annotate")
)
@click.option("--structure", is_flag=True, help=help_text("check_structure"))
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
    data = Data(root)
    with TemporaryDirectory(prefix="ogi-") as unpacked:
        incoming = list_incoming(files, Path(unpacked))
        receipts = receive(incoming, data, year=options["year"])
        if options["structure"]:
            _add_structure(receipts, data, lang)
        reports = [receipt.report for receipt in receipts if receipt.report]
        if as_data:
            write(_list_as_json(receipts, lang) + "\n" if options["json"] else _list_as_csv(reports, lang))
        folder = None if options["no_html"] or as_data else options["folder"]
        try:
            names = page_names(reports)
            have_errors = [
                _has_errors(r, lang) if as_data else _report(r, folder, names[r.source.report_id], lang)
                for r in reports
            ]
            if options["copies"]:
                write_copies(reports, options["copies"], lang)
            if not as_data and (len(incoming) > 1 or any(path.is_dir() for path in files)):
                write_index(receipts, data, folder, lang)
        except OSError as error:
            echo(say("check.disk", lang, error=error), err=True)
            return ExitCode.NOTHING
    return _exit_code(reports, have_errors)


def _add_structure(receipts: Sequence[Receipt], data: Data, lang: str) -> None:
    """Add the findings of the structure audit to the annual reports; name the other reports, which have none."""
    readable = [receipt for receipt in receipts if receipt.report and not receipt.report.fault]
    others = [receipt.file.name for receipt in readable if receipt.part]
    if others:
        echo(say("check.no_structure", lang, files=separator(lang).join(others)), err=True)
    readable = [receipt for receipt in readable if not receipt.part]
    audits = audit_files([receipt.file.path for receipt in readable], data.raw)
    for receipt, findings in zip(readable, audits, strict=True):
        if receipt.report:
            receipt.report.structure = findings


def _exit_code(reports: Sequence[ProcessedReport], have_errors: Sequence[bool]) -> int:
    if all(report.fault for report in reports):
        return ExitCode.NOTHING
    return ExitCode.PROBLEMS if any(have_errors) else ExitCode.OK


def _has_errors(report: ProcessedReport, lang: str) -> bool:
    return report.fault is not None or bool(sentences_by_kind(report, lang)["error"])


def _list_as_json(receipts: Sequence[Receipt], lang: str) -> str:
    """Return an object per file: its receipt, findings and culprits."""
    return to_json(
        [receipt_state(receipt, lang) | as_json(receipt.report, lang) for receipt in receipts if receipt.report]
    )


def _list_as_csv(reports: Sequence[ProcessedReport], lang: str) -> str:
    """Return the problems as CSV that Excel and WPS read: with a byte order mark, and no text is a formula."""
    rows = (row for report in reports for row in csv_rows(report, lang))
    return "".join(csv_lines(COLUMNS, ([excel_text(row.get(name)) for name in COLUMNS] for row in rows), excel=True))


def _report(report: ProcessedReport, folder: Path | None, name: str, lang: str) -> bool:
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
        echo(say("check.page", lang, path=_write_page(report, folder, name, lang)))
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


def _write_page(report: ProcessedReport, folder: Path, name: str, lang: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}{PAGE_SUFFIX}"
    path.write_text(check_page(report, lang), encoding="utf-8")
    return path
