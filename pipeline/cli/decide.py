"""`ogi decide`: what is proposed, and decisions on it, kept in `decisions.csv`; the next run applies them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
import duckdb

from pipeline.cli.terminal import echo
from pipeline.core.decisions import Decision, read_decisions, write_decisions
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.core.sentences import label, number, proposal_sentence
from pipeline.core.text import fits
from pipeline.storage.database import connect, rows
from pipeline.storage.snapshot import published

PROPOSED = """
    SELECT p.*, r.body, r.body_id, r.year, r.form, r.path FROM proposals AS p
    INNER JOIN reports AS r ON r.report_id = p.report_id
    WHERE $report IS NULL OR p.report_id = $report
    ORDER BY r.path, p.anchor, p.cell"""
PRINTED = """
    SELECT r.body_id, r.year, r.form, c.raw FROM reports AS r
    LEFT JOIN cells AS c ON c.report_id = r.report_id AND concat(c."table", '/', c."row", '/', c."column") = $cell
    WHERE r.report_id = $report"""


def show_decisions(
    data: Data, lang: str, report: str | None, cell: str | None, *, decisions: Path, operation: str | None,
    now: str | None, **said: str | None,
) -> int:  # fmt: skip
    """List proposals and decisions, or record one; returns the exit code."""
    if published(data) is None:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    with connect(data) as connection:
        if report is None or cell is None:
            return _list(connection, decisions, lang)
        operation = operation or ("correct" if now else None)
        if operation is None or (operation != "revert" and not all(said.values())):
            raise click.UsageError(say("decide.needed", lang))
        return _record(connection, decisions, lang, report, cell, operation, now, said)


def _list(connection: duckdb.DuckDBPyConnection, path: Path, lang: str) -> int:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows(connection, PROPOSED, {"report": None}):
        if row["status"] == "open":
            groups.setdefault((row["report_id"], row["anchor"]), []).append(row)
    echo(say("decide.open", lang, count=len(groups)))
    for (report, anchor), group in groups.items():
        echo(f"  {group[0]['body']} {group[0]['year']}：{proposal_sentence(group, group[0]['form'], lang)}")
        if group[0]["implied"] is not None:
            echo(f"    ogi decide {report} {anchor} --accept --reason … --evidence … --who …")
    known = read_decisions(path)
    echo(say("decide.known", lang, count=len(known), path=path))
    for d in known:
        new = say(f"decide.{d.operation}", lang, now=number(d.decided_value))
        printed = d.printed_text or say("proposal.blank", lang)
        echo(f"  {d.body_id} {d.year} {d.cell}：{printed}，{new}（{d.decided_by}：{d.reason}）")
    return ExitCode.OK


def _record(
    connection: duckdb.DuckDBPyConnection, path: Path, lang: str, report: str, cell: str, operation: str,
    now: str | None, said: dict[str, str | None],
) -> int:  # fmt: skip
    found = rows(connection, PRINTED, {"report": report, "cell": cell})
    if not found:
        raise click.UsageError(say("decide.report", lang, report=report))
    row = found[0]
    body_id, year = str(row["body_id"]), int(row["year"])
    proposed = [p for p in rows(connection, PROPOSED, {"report": report}) if p["implied"] is not None]
    if operation == "revert":
        places = _together(proposed, cell) or [cell]
        return _rewritten(path, lang, [], {(body_id, year, c) for c in places})
    words = {name: value or "" for name, value in said.items()}
    words["decided_by"] = words.pop("who")
    made = [
        Decision(body_id, year, c, was, value, operation=operation, **words)
        for c, was, value in _decided(proposed, cell, row["raw"], operation, now, lang)
    ]
    for d in made:
        echo(say("decide.made", lang, label=label(d.cell, row["form"], lang), now=number(d.decided_value)))
    return _rewritten(path, lang, made, {d.place for d in made})


def _together(proposed: Sequence[dict[str, Any]], cell: str) -> list[str]:
    """The cells that are wrong together with this one."""
    anchors = {p["anchor"] for p in proposed if p["cell"] == cell}
    return [p["cell"] for p in proposed if p["anchor"] in anchors]


def _decided(
    proposed: Sequence[dict[str, Any]], cell: str, raw: str | None, operation: str, now: str | None, lang: str
) -> list[tuple[str, str, Decimal | None]]:
    """(cell, printed text, new value) of each decision to write."""
    if operation == "accept":
        together = _together(proposed, cell)
        if not together:
            raise click.UsageError(say("decide.nothing", lang, cell=cell))
        return [(p["cell"], p["printed_text"], p["implied"]) for p in proposed if p["cell"] in together]
    if raw is None:
        raise click.UsageError(say("decide.cell", lang, cell=cell))
    return [(cell, raw, _number(now or "", lang) if operation == "correct" else None)]


def _number(now: str, lang: str) -> Decimal:
    try:
        value = Decimal(now)
    except InvalidOperation as error:
        raise click.UsageError(say("decide.number", lang, now=now)) from error
    if not fits(value):
        raise click.UsageError(say("decide.number", lang, now=now))
    return value


def _rewritten(path: Path, lang: str, made: Sequence[Decision], places: set[tuple[str, int, str]]) -> int:
    """The file with the decisions on these places replaced by the new ones."""
    kept = [d for d in read_decisions(path) if d.place not in places]
    if not made and len(kept) == len(read_decisions(path)):
        echo(say("decide.none", lang), err=True)
        return ExitCode.USAGE
    write_decisions([*kept, *made], path)
    echo(say("decide.written" if made else "decide.reverted", lang, path=path))
    return ExitCode.OK
