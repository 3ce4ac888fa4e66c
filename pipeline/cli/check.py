"""`ogi check`: what does not add up in reports before they are submitted, on screen and as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.cli.extract import files_of
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.job.check import check
from pipeline.publish.check_page import check_page, title, told, verdict
from pipeline.report import Intake

SHOWN = 10


def show_checks(paths: Sequence[Path], data: Data, folder: Path | None, lang: str) -> int:
    """Print and write the pages; 0 without errors (warnings do not count), 1 with some, 3 if nothing could be read."""
    intakes = check([file for path in paths for file in files_of(path)], data)
    wrong = [_show(intake, folder, lang) for intake in intakes]
    if all(i.fault for i in intakes):
        return ExitCode.NOTHING
    return ExitCode.PROBLEMS if any(wrong) else ExitCode.OK


def _show(intake: Intake, folder: Path | None, lang: str) -> bool:
    """Print one report; whether it has errors."""
    if intake.fault:
        why = say(intake.fault.code, lang, **intake.fault.values)
        echo(say("extract.fault", lang, path=intake.source.path, why=why), err=True)
        return True
    echo(title(intake, lang), nl=False, bold=True)
    echo(f"  {intake.source.path}")
    found = told(intake, lang)
    for kind, color in (("error", "red"), ("warning", "yellow"), ("derived", "blue")):
        if found[kind]:
            echo(f"{say(f'check.list.{kind}', lang)}（{len(found[kind])}）", fg=color)
        # Of many blanks a few tell how they are read; the page has all. What is wrong is told whole.
        shown = found[kind][:SHOWN] if kind == "derived" else found[kind]
        for number, line in enumerate(shown, start=1):
            echo(f"  {number}. {line}")
        if len(shown) < len(found[kind]):
            echo("  " + say("check.more", lang, count=len(found[kind]) - len(shown)))
    look, sentence = verdict(found, lang)
    echo(sentence, fg={"error": "red", "warning": "yellow", "good": "green"}[look])
    if folder is not None:
        echo(say("check.page", lang, path=_write(intake, folder, lang)))
    echo("")
    return look == "error"


def _write(intake: Intake, folder: Path, lang: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{Path(intake.source.path).name}.check.html"
    path.write_text(check_page(intake, lang), encoding="utf-8")
    return path
