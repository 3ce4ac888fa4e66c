"""`ogi status`: the published data and its problems: quarantined reports, errors and warnings, with what to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ANNUAL_REPORT, ExitCode
from pipeline.core.paths import Data
from pipeline.core.problems import answered, problems
from pipeline.core.report_names import report_name
from pipeline.storage.database import Row, ask, connect
from pipeline.storage.snapshot import published
from pipeline.storage.switch import is_copied

MAX_SHOWN, ALL = 20, 2**62


@click.command(help=help_text("status"))
@data_option
@click.option("--all", "show_all", is_flag=True, help=help_text("all"))
@common_options
def command(root: Path, show_all: bool) -> int:
    """Print the state of the data; return the exit code of the run that published it."""
    data, lang = existing_data(root), current_language()
    record = published(data)
    if record is None:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    echo(say("status.snapshot", lang, snapshot=record.id))
    echo(say("run.state", lang, **record.summary))
    if is_copied(data):
        echo(say("current.copied", lang, path=data.current_link), err=True)
    with connect(data) as connection:
        echo(say("status.years", lang))
        for row in ask(connection, "status_years"):
            kind = "" if row["kind"] == ANNUAL_REPORT else f"  {row[lang]}"
            echo(f"  {row['year']}  {row['reports']:>5}  {say('code.' + row['provenance'], lang)}{kind}")
    show_problems(data, lang, ALL if show_all else MAX_SHOWN)
    return record.exit_code


def show_problems(data: Data, lang: str, most: int) -> None:
    """Print up to `most` quarantined reports, errors, warnings and explained findings each of the published snapshot.

    One wrong cell is one line, however many identities it breaks.
    """
    record = published(data)
    with connect(data) as connection:
        quarantined = ask(connection, "status_quarantined", {"most": most})
        reports = {"reports": [r["report_id"] for r in ask(connection, "status_problem_reports", {"most": most})]}
        proposals = _by_report(ask(connection, "status_proposals", reports))
        failures = _by_report(ask(connection, "status_failures", reports))
        answers = ask(connection, "status_answers", {"most": most})
    lines: dict[str, list[str]] = {
        "quarantined": [f"{data.root / row['path']}：{row[f'reason_{lang}']}" for row in quarantined],
        "error": [],
        "warning": [],
    }
    for report in sorted(proposals.keys() | failures.keys()):
        first = [*proposals.get(report, ()), *failures.get(report, ())][0]
        sentences = problems(proposals.get(report, ()), failures.get(report, ()), first["form"], lang)
        for severity, texts in sentences.items():
            lines[severity] += [_line(first, text, data, lang) for text in texts]
    for kind, texts in lines.items():
        title = kind if kind == "quarantined" else f"{kind}s"
        _print_list(f"status.{title}", texts, record.summary[title] if record else len(texts), most, lang)
    explained = [_line(row, text, data, lang) for row in answers for text in answered([row], row["form"], lang)]
    _print_list("status.answered", explained, answers[0]["total"] if answers else 0, most, lang)


def _by_report(rows: Iterable[Row]) -> dict[str, list[Row]]:
    by_report: dict[str, list[Row]] = {}
    for row in rows:
        by_report.setdefault(row["path"], []).append(row)
    return by_report


def _line(report: Row, text: str, data: Data, lang: str) -> str:
    provenance = report["provenance"]
    mark = "" if provenance in ("published", "transcribed") else f"（{say(f'code.{provenance}', lang)}）"
    return f"{report_name(report, lang)}{mark} {data.root / report['path']}：{text}"


def _print_list(title: str, lines: list[str], total: int, most: int, lang: str) -> None:
    if lines:
        echo(f"{say(title, lang)}（{total}）")
        for line in lines[:most]:
            echo(f"  {line}")
        if total > most:
            echo("  " + say("status.findings", lang, total=total, shown=most))
