"""`ogi extract`: what would be taken from a file, as a sentence or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from pipeline.cli.terminal import echo
from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode, Extraction, Finding
from pipeline.core.sentences import sentence
from pipeline.edit.statutory import confront_form
from pipeline.raw.manifest import NOT_REPORTS
from pipeline.registry.load import Register, load_register
from pipeline.report import prose_values, read_report
from pipeline.runtime.child_process import Guard


def show_extraction(paths: Sequence[Path], raw: Path, lang: str, *, as_json: bool) -> int:
    """Print what each file holds; 0 if all is well, 1 if some file or cell is not, 3 if no file could be read."""
    files = [file for path in paths for file in files_of(path)]
    with Guard() as guard:
        taken = [(file, _take(guard, file, raw)) for file in _progress(files, lang)]
    if as_json:
        found = [_record(path, what, load_register(raw), lang) for path, what in taken]
        echo(json.dumps(found, ensure_ascii=False, indent=1))
    for path, what in taken:
        if isinstance(what, DataFault):
            why = say(what.code, lang, **what.values)
            echo(say("extract.fault", lang, path=path, why=why), err=True)
        elif not as_json:
            _tell(path, what, lang)
    read_ones = [w for _, w in taken if isinstance(w, Extraction)]
    doubtful = [w for w in read_ones if any(f.severity == "error" for f in failures(w))]
    if not as_json and len(files) > 1:
        counts = {"files": len(files), "sound": len(read_ones) - len(doubtful), "doubtful": len(doubtful)}
        echo(say("extract.summary", lang, **counts, lost=len(files) - len(read_ones)))
    return (
        ExitCode.NOTHING
        if not read_ones
        else ExitCode.PROBLEMS
        if doubtful or len(read_ones) < len(taken)
        else ExitCode.OK
    )


def files_of(path: Path) -> list[Path]:
    """A file itself; of a folder all files below it that could be reports, by name."""
    if not path.is_dir():
        return [path]
    found = (p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
    return sorted(p for p in found if p.name not in NOT_REPORTS)


def _progress(files: Sequence[Path], lang: str) -> Iterator[Path]:
    """The files, with a bar where somebody watches more than one."""
    if len(files) < 2 or not sys.stderr.isatty():
        yield from files
        return
    with click.progressbar(files, label=say("progress.extract", lang), file=sys.stderr) as bar:
        yield from bar


def findings(extraction: Extraction) -> list[Finding]:
    """What extraction and the form's identities find in one report."""
    values = {c.address: c.value for c in extraction.cells} | prose_values(extraction)
    return [*extraction.findings, *confront_form([values], forms()[extraction.form])[0]]


def failures(extraction: Extraction) -> list[Finding]:
    """The findings that failed."""
    return [f for f in findings(extraction) if f.status == "fail"]


def plain(value: Any) -> Any:
    """A value as JSON has it: whole decimals as integers, others as the number printed."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _take(guard: Guard, path: Path, raw: Path) -> Extraction | DataFault:
    try:
        return guard.call(read_report, path, raw, True)
    except DataFault as fault:
        return fault


def _record(path: Path, what: Extraction | DataFault, known: Register, lang: str) -> dict[str, Any]:
    if isinstance(what, DataFault):
        fault = {"error": what.code, "reason": say(what.code, lang, **what.values)}
        return {
            "path": str(path),
            "body": None,
            "year": None,
            "form": None,
            "cells": [],
            "figures": [],
            "findings": [],
        } | fault
    return {
        "path": str(path),
        "body": what.body,
        **_registered(what.body, known),
        "year": what.year,
        "form": what.form,
        "cells": [_plain(c) for c in what.cells],
        "figures": [_plain(f) for f in what.figures],
        "findings": [_plain(f) | {"difference": plain(_difference(f))} for f in findings(what)],
    }


def _registered(name: str | None, known: Register) -> dict[str, str | None]:
    """What the register knows of a body."""
    body = known.find(name) if name else None
    return {f: getattr(body, f) if body else None for f in ("body_id", "region_code", "level")}


def _plain(record: Any) -> dict[str, Any]:
    return {name: plain(value) for name, value in asdict(record).items()}


def _difference(finding: Finding) -> Decimal | None:
    return None if finding.lhs is None or finding.rhs is None else finding.lhs - finding.rhs


def _tell(path: Path, what: Extraction, lang: str) -> None:
    problems, unknown = failures(what), say("extract.unknown", lang)
    echo(
        say(
            "extract.done",
            lang,
            path=path,
            body=what.body or unknown,
            year=what.year or unknown,
            form=what.form,
            cells=len(what.cells),
            figures=len(what.figures),
            problems=len(problems),
        )
    )
    for finding in problems:
        echo("  " + sentence(asdict(finding) | {"difference": _difference(finding)}, what.form, lang))
