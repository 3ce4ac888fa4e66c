"""`ogi score`: rank the bodies of a city by the quality of their reports, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.cli.edit import to_json
from pipeline.cli.options import InputFile, common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.output_files import check_folder, refusing_faults, write_files
from pipeline.cli.terminal import echo, write
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.publish.score.rubric import SHIPPED, read_rubric
from pipeline.publish.score.score import BodyScore, score_bodies
from pipeline.publish.score.sheet import score_workbook
from pipeline.storage.choose import choose
from pipeline.storage.database import connect

MAX_EVIDENCE_SHOWN = 3


@click.command(help=help_text("score"))
@click.option("--city", "--body", "body", required=True, help=help_text("city"))
@click.option("--year", required=True, type=click.IntRange(2008, 2100), help=help_text("year"))
@click.option("--rubric", "rubric_file", type=InputFile(), help=help_text("rubric"))
@click.option("--out", type=click.Path(path_type=Path), help=help_text("score_out"))
@click.option("--replace", is_flag=True, help=help_text("replace_files"))
@click.option("--json", "as_json", is_flag=True, help=help_text("json"))
@data_option
@common_options
@refusing_faults
def command(
    root: Path, body: str, year: int, rubric_file: Path | None, out: Path | None, replace: bool, as_json: bool
) -> int:  # fmt: skip
    """Print the ranking, and write it as a workbook with `--out`: 0, or 3 if no body is due."""
    data, lang, rubric = existing_data(root), current_language(), read_rubric(rubric_file or SHIPPED)
    with connect(data) as connection:
        chosen = choose(connection, "body", body)
        scores = score_bodies(connection, data, chosen["id"], year, rubric, lang)
    if not scores:
        echo(say("score.none", lang, body=chosen["zh"], year=year), err=True)
        return ExitCode.NOTHING
    title = say("score.title", lang, body=chosen["zh"], year=year, rubric=rubric.title[lang])
    if as_json:
        write(to_json([_row(score, lang) for score in scores]) + "\n")
    else:
        echo(title, bold=True)
        _print(scores, lang)
    if out is not None:
        check_folder(data, out)
        name = f"{chosen['id']}-{year}-score.xlsx"
        write_files(out, {name: score_workbook(scores, rubric, title, lang)}, replace=replace)
        echo(say("compile.done", lang, path=out / name), err=as_json)
    return ExitCode.OK


def _print(scores: Sequence[BodyScore], lang: str) -> None:
    for score in scores:
        mark = say("check.simulated", lang) if score.provenance == "simulated" else ""
        numbers = {"rank": score.rank, "percent": score.percent, "points": score.points, "possible": score.possible}
        echo(say("score.line", lang, body=score.body + mark, **numbers))
        texts = [text for item in score.items for text in item.evidence]
        for text in texts[:MAX_EVIDENCE_SHOWN]:
            echo(f"      {text}")
        if len(texts) > MAX_EVIDENCE_SHOWN:
            echo("      " + say("check.more", lang, count=len(texts) - MAX_EVIDENCE_SHOWN))


def _row(score: BodyScore, lang: str) -> dict[str, Any]:
    items = [
        {
            "measure": item.item.measure, "name": item.item.name[lang], "possible": item.item.points,
            "points": item.points, "problems": item.problems, "evidence": list(item.evidence),
        }
        for item in score.items
    ]  # fmt: skip
    return {
        "rank": score.rank, "body_id": score.body_id, "body": score.body, "level": score.level,
        "provenance": score.provenance, "points": score.points, "possible": score.possible, "percent": score.percent,
        "items": items,
    }  # fmt: skip
