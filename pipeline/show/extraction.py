"""`ogi extract`: what would be taken from a file, as a sentence or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from pipeline.edit.confront import confront
from pipeline.extract import extract
from pipeline.form import forms
from pipeline.intake import prose_values
from pipeline.messages import say
from pipeline.model import DataFault, Extraction, Finding
from pipeline.read import read
from pipeline.register import register
from pipeline.run import DOUBTFUL, NOTHING, PUBLISHED
from pipeline.wording import sentence


def show_extraction(files: Sequence[Path], lang: str, *, as_json: bool) -> int:
    """Print what each file holds; 0 if all is well, 1 if some file or cell is not, 3 if no file could be read."""
    taken: list[tuple[Path, Extraction | DataFault]] = [(path, _take(path)) for path in files]
    if as_json:
        click.echo(json.dumps([_record(path, what, lang) for path, what in taken], ensure_ascii=False, indent=1))
    for path, what in taken:
        if isinstance(what, DataFault):
            why = say(what.code, lang, **what.values)
            click.echo(say("extract.fault", lang, path=path, why=why), err=True)
        elif not as_json:
            _tell(path, what, lang)
    read_ones = [w for _, w in taken if isinstance(w, Extraction)]
    errors = any(f.severity == "error" for w in read_ones for f in failures(w))
    return NOTHING if not read_ones else DOUBTFUL if errors or len(read_ones) < len(taken) else PUBLISHED


def findings(extraction: Extraction) -> list[Finding]:
    """What extraction and the form's identities find in one report."""
    values = {c.address: c.value for c in extraction.cells} | prose_values(extraction)
    return [*extraction.findings, *confront([values], forms()[extraction.form])[0]]


def failures(extraction: Extraction) -> list[Finding]:
    """The findings that failed."""
    return [f for f in findings(extraction) if f.status == "fail"]


def plain(value: Any) -> Any:
    """A value as JSON has it: whole decimals as integers, others as the number printed."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _take(path: Path) -> Extraction | DataFault:
    try:
        return extract(read(path), register())
    except DataFault as fault:
        return fault


def _record(path: Path, what: Extraction | DataFault, lang: str) -> dict[str, Any]:
    if isinstance(what, DataFault):
        fault = {"error": what.code, "why": say(what.code, lang, **what.values)}
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
        "year": what.year,
        "form": what.form,
        "cells": [_plain(c) for c in what.cells],
        "figures": [_plain(f) for f in what.figures],
        "findings": [_plain(f) | {"difference": plain(_difference(f))} for f in findings(what)],
    }


def _plain(record: Any) -> dict[str, Any]:
    return {name: plain(value) for name, value in asdict(record).items()}


def _difference(finding: Finding) -> Decimal | None:
    return None if finding.lhs is None or finding.rhs is None else finding.lhs - finding.rhs


def _tell(path: Path, what: Extraction, lang: str) -> None:
    problems, unknown = failures(what), say("extract.unknown", lang)
    click.echo(
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
        click.echo("  " + sentence(asdict(finding) | {"difference": _difference(finding)}, what.form, lang))
