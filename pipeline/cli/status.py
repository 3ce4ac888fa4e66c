"""`ogi status`, and the problems that `ogi run` lists: quarantined reports, errors, warnings, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.core.sentences import problems
from pipeline.rollup.partitions import part_stem, rows_of
from pipeline.storage.database import connect, rows
from pipeline.storage.snapshot import Record, published

SHOWN, ALL = 20, 2**62
YEARS = """
    SELECT year, provenance, count(*) AS reports FROM reports WHERE status = 'loaded'
    GROUP BY year, provenance ORDER BY year, provenance"""
QUARANTINED = """
    SELECT path, body, year, reason_zh, reason_en, provenance FROM reports WHERE status = 'quarantined'
    ORDER BY path LIMIT $most"""
# The first reports with a failure that no open proposal accounts for, or with such a proposal, of each severity.
WRONG = """
    WITH told AS (SELECT report_id, unnest(identities) AS name FROM proposals WHERE status = 'open'),
    wrong AS (
        SELECT report_id, 'error' AS severity FROM proposals WHERE status = 'open'
        UNION
        SELECT f.report_id, f.severity FROM findings AS f
        ANTI JOIN told AS t ON t.report_id = f.report_id AND t.name = concat(f.identity, '@', f."place")
        WHERE f.status = 'fail'
    )
    SELECT DISTINCT report_id FROM wrong
    QUALIFY row_number() OVER (PARTITION BY severity ORDER BY report_id) <= $most"""
FAILED = """
    SELECT f.*, r.path, r.body, r.year, r.form FROM findings AS f INNER JOIN reports AS r ON r.report_id = f.report_id
    WHERE f.status = 'fail' AND f.report_id IN (SELECT unnest($reports)) ORDER BY r.path, f.identity, f."place" """
PROPOSED = """
    SELECT p.*, r.path, r.body, r.year, r.form FROM proposals AS p INNER JOIN reports AS r ON r.report_id = p.report_id
    WHERE p.status = 'open' AND p.report_id IN (SELECT unnest($reports)) ORDER BY r.path, p.anchor, p.cell"""


def show_status(data: Data, lang: str, *, everything: bool) -> int:
    """Print the state of the data; returns the exit code of the run that published it."""
    record = published(data)
    if record is None:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    echo(say("status.snapshot", lang, snapshot=record.id))
    echo(say("run.state", lang, **record.summary))
    with connect(data) as connection:
        echo(say("status.years", lang))
        for row in rows(connection, YEARS):
            echo(f"  {row['year']}  {row['reports']:>5}  {say('code.' + row['provenance'], lang)}")
    show_problems(data, record, lang, ALL if everything else SHOWN)
    return record.exit_code


def show_problems(data: Data, record: Record, lang: str, most: int) -> None:
    """Print the quarantined reports, the errors and the warnings of a snapshot, at most so many of each, from the first
    parts that have so many. One wrong cell is one line, however many identities it breaks.
    """
    limit, stems = {"most": most}, set(_first(record, most))
    with connect(data) as connection:
        for table in ("reports", "findings", "proposals"):
            connection.execute(f"CREATE TEMP VIEW {table} AS {_of_parts(data, record, table, stems)}")
        lost = [f"{data.root / r['path']}：{r[f'reason_{lang}']}" for r in rows(connection, QUARANTINED, limit)]
        _listed("status.quarantined", lost, record.summary["quarantined"], most, lang)
        wrong = {"reports": [row["report_id"] for row in rows(connection, WRONG, limit)]}
        proposals = _by_report(rows(connection, PROPOSED, wrong))
        failed = _by_report(rows(connection, FAILED, wrong))
    found: dict[str, list[str]] = {"error": [], "warning": []}
    for report in sorted(proposals.keys() | failed.keys()):
        said = [*proposals.get(report, ()), *failed.get(report, ())]
        told = problems(proposals.get(report, ()), failed.get(report, ()), said[0]["form"], lang)
        for severity, sentences in told.items():
            found[severity] += [_line(said[0], text, data, lang) for text in sentences]
    for severity, lines in found.items():
        _listed(f"status.{severity}s", lines, record.summary[f"{severity}s"], most, lang)


def _first(record: Record, most: int) -> Iterator[str]:
    """The stems of the parts, in order, that have something to tell, until there is enough of each kind."""
    lacking = dict.fromkeys(("quarantined", "errors", "warnings"), most)
    for stem, part in sorted(record.parts.items()):
        told = {kind: part["summary"][kind] for kind in lacking}
        if any(told[kind] and lacking[kind] > 0 for kind in lacking):
            yield stem
        lacking = {kind: lacking[kind] - told[kind] for kind in lacking}


def _of_parts(data: Data, record: Record, table: str, stems: set[str]) -> str:
    """The rows of some parts of a table, as SQL."""
    folder = data.current.resolve()
    files = [folder / n for n in record.files if n.startswith(f"{table}/") and part_stem(n) in stems]
    return rows_of(table, files)


def _by_report(found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    by_report: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        by_report.setdefault(row["path"], []).append(row)
    return by_report


def _line(said: dict[str, Any], text: str, data: Data, lang: str) -> str:
    kind = said["provenance"]
    mark = "" if kind in ("published", "transcribed") else f"（{say(f'code.{kind}', lang)}）"
    return f"{said['body']} {said['year']}{mark} {data.root / said['path']}：{text}"


def _listed(title: str, lines: list[str], total: int, most: int, lang: str) -> None:
    if lines:
        echo(f"{say(title, lang)}（{total}）")
        for line in lines[:most]:
            echo(f"  {line}")
        if total > most:
            echo("  " + say("status.findings", lang, total=total, shown=most))
