"""`ogi check --annotate`: write copies of the offices' files with comments in the wrong cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.cli.terminal import echo
from pipeline.core.files import write_atomically
from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.publish.annotate import FORMATS, annotate, find_notes
from pipeline.report import ProcessedReport
from pipeline.runtime.child_process import Guard


def write_copies(reports: Sequence[ProcessedReport], folder: Path, lang: str) -> None:
    """Write a copy of each report with problems, under its own name; say why where there is none. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with Guard() as child:
        for report in reports:
            notes = find_notes(report, lang) if report.extraction else {}
            if notes:
                _write_copy(child, report, notes, folder, lang)


def _write_copy(child: Guard, report: ProcessedReport, notes: dict[str, str], folder: Path, lang: str) -> None:
    source = Path(report.source.path)
    target = folder / source.name
    if report.extraction is None or report.extraction.format not in FORMATS:
        echo(say("annotate.format", lang, path=source), err=True)
    elif target.exists() and target.samefile(source):
        echo(say("annotate.own_folder", lang, path=source), err=True)
    else:
        try:
            content = child.call(annotate, source.read_bytes(), report.extraction, notes)
        except DataFault as fault:
            echo(say("annotate.fault", lang, path=source, why=say(fault.code, lang, **fault.values)), err=True)
            return
        write_atomically(target, content)
        echo(say("annotate.written", lang, path=target, count=len(notes)))
