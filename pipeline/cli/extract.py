"""`ogi extract`: show the cells, figures and findings of files, as sentences or as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import common_options, current_language, data_option, help_text
from pipeline.cli.terminal import echo
from pipeline.core.kinds import get_form
from pipeline.core.messages import say
from pipeline.core.model import ANNUAL_REPORT, DataFault, ExitCode, Extraction, Finding
from pipeline.core.paths import Data
from pipeline.core.sentences import form_name, sentence
from pipeline.edit.kind_edits import review_kind
from pipeline.edit.statutory import confront_form
from pipeline.raw.manifest import NOT_REPORTS
from pipeline.registry.bodies import Register
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body
from pipeline.report import prose_values, read_report
from pipeline.runtime.child_process import Guard, kept_child

Result = Extraction | DataFault


@click.command(help=help_text("extract"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@data_option
@click.option("--json", "as_json", is_flag=True, help=help_text("json"))
@common_options
def command(files: tuple[Path, ...], root: Path, as_json: bool) -> int:
    """Print what each file holds: 0 if all is well, 1 if a file or a cell is not, 3 if no file could be read."""
    lang, raw = current_language(), Data(root).raw
    paths = [path for file in files for path in report_files(file)]
    with kept_child() as child:
        results = [(path, _extract(child, path, raw)) for path in _with_bar(paths, lang)]
    register = load_register(raw)
    if as_json:
        echo(
            json.dumps(
                [_as_json(path, result, register, lang) for path, result in results], ensure_ascii=False, indent=1
            )
        )
    for path, result in results:
        if isinstance(result, DataFault):
            echo(say("extract.fault", lang, path=path, why=say(result.code, lang, **result.values)), err=True)
        elif not as_json:
            _print_summary(path, result, register, lang)
    return _conclude([result for _, result in results], register, lang, show=not as_json)


def _conclude(results: Sequence[Result], register: Register, lang: str, show: bool) -> int:
    """Print the counts of several files; return the exit code."""
    readable = [result for result in results if isinstance(result, Extraction)]
    wrong = [x for x in readable if any(finding.severity == "error" for finding in failures(x, register))]
    if show and len(results) > 1:
        counts = {"files": len(results), "sound": len(readable) - len(wrong), "doubtful": len(wrong)}
        echo(say("extract.summary", lang, **counts, lost=len(results) - len(readable)))
    if not readable:
        return ExitCode.NOTHING
    return ExitCode.PROBLEMS if wrong or len(readable) < len(results) else ExitCode.OK


def report_files(path: Path) -> list[Path]:
    """Return the file itself, or all files below a folder that may be reports, by name."""
    if not os.path.isdir(path):  # noqa: PTH112 (a name that is too long is no folder; pathlib raises)
        return [path]
    files = (p for p in path.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
    return sorted(p for p in files if p.name not in NOT_REPORTS)


def _with_bar(files: Sequence[Path], lang: str) -> Iterator[Path]:
    """Yield the files, with a progress bar if there are several and somebody watches."""
    if len(files) < 2 or not sys.stderr.isatty():
        yield from files
        return
    with click.progressbar(files, label=say("progress.extract", lang), file=sys.stderr) as bar:
        yield from bar


def findings(extraction: Extraction, register: Register) -> list[Finding]:
    """Return the findings of extraction, and the outcomes of the identities of the form or of the kind."""
    values = {c.address: c.value for c in extraction.cells} | prose_values(extraction)
    if kind := register.kinds.get(extraction.kind):
        return [*extraction.findings, *review_kind(kind, values, extraction.cells, frozenset()).findings]
    return [*extraction.findings, *confront_form([values], get_form(extraction.form))[0]]


def failures(extraction: Extraction, register: Register) -> list[Finding]:
    """Return the findings that failed."""
    return [finding for finding in findings(extraction, register) if finding.status == "fail"]


def plain_value(value: Any) -> Any:
    """Return a value for JSON: a whole decimal as an integer, another decimal as a float."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _extract(child: Guard, path: Path, raw: Path) -> Result:
    try:
        return child.call(read_report, path, raw, True)
    except DataFault as fault:
        return fault


def _as_json(path: Path, result: Result, register: Register, lang: str) -> dict[str, Any]:
    if isinstance(result, DataFault):
        reason = say(result.code, lang, **result.values)
        unknown = dict.fromkeys(("body", "year", "form"))
        lists: dict[str, Any] = {"cells": [], "figures": [], "findings": []}
        return {"path": str(path), **unknown, **lists, "error": result.code, "reason": reason}
    return {
        "path": str(path),
        "body": result.body,
        **_register_facts(result.body, register),
        "year": result.year,
        "form": result.form,
        **_facts_of_kind(result),
        "cells": [_plain_record(c) for c in result.cells],
        "figures": [_plain_record(f) for f in result.figures],
        "findings": [
            _plain_record(f) | {"difference": plain_value(_difference(f))} for f in findings(result, register)
        ],
    }


def _facts_of_kind(extraction: Extraction) -> dict[str, Any]:
    """Return what only another kind of report than the annual one has."""
    if extraction.kind == ANNUAL_REPORT:
        return {}
    entries = [asdict(entry) for entry in extraction.entries]
    names = ("kind", "quarter", "subject")
    return {name: getattr(extraction, name) for name in names} | {"entries": entries}


def _register_facts(name: str | None, register: Register) -> dict[str, str | None]:
    body = find_body(register, name) if name else None
    return {field: getattr(body, field) if body else None for field in ("body_id", "region_code", "level")}


def _plain_record(record: Any) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in asdict(record).items()}


def _difference(finding: Finding) -> Decimal | None:
    return None if finding.lhs is None or finding.rhs is None else finding.lhs - finding.rhs


def _print_summary(path: Path, extraction: Extraction, register: Register, lang: str) -> None:
    failed, unknown = failures(extraction, register), say("extract.unknown", lang)
    names = {
        "body": extraction.body or unknown,
        "year": extraction.year or unknown,
        "form": form_name(extraction.form, lang),
    }
    counts = {"cells": len(extraction.cells), "figures": len(extraction.figures), "problems": len(failed)}
    echo(say("extract.done", lang, path=path, **names, **counts))
    for finding in failed:
        echo("  " + sentence(asdict(finding) | {"difference": _difference(finding)}, extraction.form, lang))
