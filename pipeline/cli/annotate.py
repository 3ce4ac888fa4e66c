"""`ogi check --annotate`: write copies of the offices' files with comments in the wrong cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from pipeline.cli.terminal import echo
from pipeline.core.files import write_atomically
from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.publish.annotate import FORMATS, annotate, find_notes
from pipeline.read import load_bytes
from pipeline.report import ProcessedReport
from pipeline.runtime.child_process import Guard, kept_child


def write_copies(reports: Sequence[ProcessedReport], folder: Path, lang: str) -> None:
    """Write a copy of each report with problems, under its own name; say why where there is none. Raises OSError.

    The second of two files with one name, from different folders, gets a number: `年报 (2).docx`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: set[Path] = set()
    with kept_child() as child:
        for report in reports:
            notes = find_notes(report, lang) if report.extraction else {}
            if notes:
                written.add(_write_copy(child, report, notes, _free_path(report, folder, written), lang))


def _free_path(report: ProcessedReport, folder: Path, written: set[Path]) -> Path:
    """Return the path of a copy, which no other copy of this call has."""
    name = Path(report.source.path)
    paths = (folder / f"{name.stem} ({number}){name.suffix}" for number in count(2))
    return next(path for path in chain([folder / name.name], paths) if path not in written)


def _write_copy(child: Guard, report: ProcessedReport, notes: dict[str, str], target: Path, lang: str) -> Path:
    """Write the copy of one report, or say why there is none; return its path."""
    source = Path(report.source.path)
    if report.extraction is None or report.extraction.format not in FORMATS:
        echo(say("annotate.format", lang, path=source), err=True)
    elif target.exists() and target.samefile(source):
        echo(say("annotate.own_folder", lang, path=source), err=True)
    else:
        try:
            content = child.call(annotate, load_bytes(source), report.extraction, notes)
        except DataFault as fault:
            echo(say("annotate.fault", lang, path=source, why=say(fault.code, lang, **fault.values)), err=True)
        else:
            write_atomically(target, content)
            echo(say("annotate.written", lang, path=target, count=len(notes)))
    return target
