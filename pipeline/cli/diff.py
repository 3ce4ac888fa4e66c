"""`ogi diff`: what changed between two snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from pipeline.cli.answer import AnswerTarget
from pipeline.cli.export import refuse
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.core.sentences import number
from pipeline.publish.snapshot_diff import Comparison, compare
from pipeline.storage.snapshot import Record, kept, published, read_record

FORMATS = ("table", "markdown")
MAX_LINES = 20
ABSENT = "—"  # the snapshot has no such row, or no value


@click.command(help=help_text("diff"))
@click.argument("before", required=False)
@click.argument("after", required=False)
@data_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", help=help_text("format"))
@click.option("--all", "show_all", is_flag=True, help=help_text("all_changes"))
@common_options
def command(before: str | None, after: str | None, root: Path, form: str, show_all: bool) -> int:
    """Print the difference between two snapshots, by default the previous and the published one."""
    data, lang = existing_data(root), current_language()
    new = _find(data, after) if after else _current(data)
    old = _find(data, before) if before else _previous(data, new)
    if old is None or new is None:
        return refuse("diff.none", lang, ExitCode.USAGE, kept="、".join(record.id for record in kept(data)) or "—")
    try:
        comparison = compare(old[0], new[0])
    except OSError as error:
        return refuse("diff.damaged", lang, ExitCode.NOTHING, error=error)
    title = say("diff.title", lang, before=old[1].id, after=new[1].id)
    if form == "markdown":
        echo("\n".join(_markdown(comparison, title, lang)))
    else:
        _print(comparison, title, lang, None if show_all else MAX_LINES)
    return ExitCode.OK


def _find(data: Data, name: str) -> tuple[Path, Record] | None:
    """Return the folder and the record of a snapshot, given as its id or as a folder."""
    for folder in (data.versions / name, Path(name)):
        if record := read_record(folder):
            return folder.resolve(), record
    return None


def _current(data: Data) -> tuple[Path, Record] | None:
    record = published(data)
    return (data.current.resolve(), record) if record else None


def _previous(data: Data, new: tuple[Path, Record] | None) -> tuple[Path, Record] | None:
    """Return the latest snapshot on disk besides the given one."""
    others = [record for record in kept(data) if new and record.id != new[1].id]
    return (data.versions / others[0].id, others[0]) if others else None


def _print(comparison: Comparison, title: str, lang: str, most: int | None) -> None:
    """Print the counts per table and up to `most` changed values of each kind."""
    echo(title)
    if not comparison.tables:
        return echo(say("diff.same", lang))
    counts = [(c.table, c.added, c.removed, c.amended) for c in comparison.tables]
    headings = [say(f"diff.{name}", lang) for name in ("table", "added", "removed", "amended")]
    AnswerTarget("table", lang, None).write_rows(headings, counts)
    for kind, changes in (("observations", comparison.observations), ("cells", comparison.cells)):
        if changes:
            echo("\n" + say(f"diff.{kind}", lang, count=len(changes)))
            for row in changes[:most]:
                echo("  " + _change(row, kind, lang))
            if most is not None and len(changes) > most:
                echo("  " + say("diff.more", lang, count=len(changes) - most))
    return None


def _markdown(comparison: Comparison, title: str, lang: str) -> Iterator[str]:
    """Yield the lines of a changelog: the counts, then each changed value below its year."""
    yield f"## {title}\n"
    if not comparison.tables:
        yield say("diff.same", lang)
        return
    yield "| " + " | ".join(say(f"diff.{name}", lang) for name in ("table", "added", "removed", "amended")) + " |"
    yield "|---|---:|---:|---:|"
    yield from (f"| `{c.table}` | {c.added} | {c.removed} | {c.amended} |" for c in comparison.tables)
    for kind, changes in (("observations", comparison.observations), ("cells", comparison.cells)):
        if changes:
            yield f"\n### {say(f'diff.{kind}', lang, count=len(changes))}\n"
            yield from (f"- {_escape(_change(row, kind, lang))}" for row in changes)


def _change(row: dict[str, Any], kind: str, lang: str) -> str:
    """Return one changed value as a line: body, year, indicator or cell, and the old and new value."""
    body = row["body"] or row["body_id"] or ABSENT
    if kind == "cells":
        texts = " → ".join(_text(row[side], lang) for side in ("old_text", "new_text"))
        return f"{body} {row['year']} {row['report_id']} {row['cell']}: {texts}"
    name = row[lang] or row["indicator"]
    applicant = "" if row["applicant"] == "total" else f" ({row['applicant']})"
    values = " → ".join(_value(row[side]) for side in ("old_value", "new_value"))
    return f"{body} {row['year']} {name} [{row['indicator']}]{applicant}: {values} {row['unit']}"


def _text(text: str | None, lang: str) -> str:
    return ABSENT if text is None else text or say("proposal.blank", lang)


def _value(value: Decimal | None) -> str:
    return ABSENT if value is None else number(value)


def _escape(text: str) -> str:
    """Return a text in which no character is markup."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in text).replace("\n", " ")
