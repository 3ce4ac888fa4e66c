"""`ogi validate`: test a snapshot again, the published one or that of any folder."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.storage.snapshot import RECORD, Record, read_record
from pipeline.validate.assertions_page import row_text
from pipeline.validate.data_docs import ASSERTIONS
from pipeline.validate.gate import assertion_violation
from pipeline.validate.snapshot_check import SnapshotCheck, check_snapshot
from pipeline.validate.worker import Violation

MAX_FILES_SHOWN = 5


@click.command(help=help_text("validate"))
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@data_option
@click.option("--json", "as_json", is_flag=True, help=help_text("json"))
@common_options
def command(folder: Path | None, root: Path, as_json: bool) -> int:
    """Print every violated rule with its rows and its reason: 0 if there is none, 2 without a snapshot, else 3."""
    lang = current_language()
    if folder is None:
        folder = existing_data(root).current
        if not (folder / RECORD).is_file():
            echo(say("status.none", lang), err=True)
            return ExitCode.NOTHING
    if not (folder / RECORD).is_file():
        echo(say("validate.none", lang, folder=folder), err=True)
        return ExitCode.USAGE
    record = read_record(folder)
    if record is None:
        echo(say("validate.record", lang, folder=folder), err=True)
        return ExitCode.NOTHING
    check = check_snapshot(folder.resolve(), record)
    if as_json:
        echo(_to_json(record, check))
    else:
        _report(record, check, lang)
    return ExitCode.OK if check.is_valid else ExitCode.NOTHING


def _report(record: Record, check: SnapshotCheck, lang: str) -> None:
    if check.is_other_version:
        echo(say("validate.other_version", lang), err=True)
    if check.damaged:
        names = ", ".join(check.damaged[:MAX_FILES_SHOWN])
        echo(say("validate.damaged", lang, count=len(check.damaged), files=names))
    for violation in check.violations:
        _report_violation(violation, lang)
    for result in check.warnings:
        _report_violation(assertion_violation(result), lang)
    if check.is_valid:
        counts = {"files": check.files, "tested": check.tables, "assertions": check.assertions}
        echo(say("validate.passed", lang, snapshot=record.id, **counts))
        return
    echo(say("validate.failed", lang, snapshot=record.id, count=len(check.violations) + len(check.damaged)))
    echo(say("validate.advice", lang))


def _report_violation(violation: Violation, lang: str) -> None:
    """Print a violated rule, its reason, and its first rows."""
    names = {name: getattr(violation, name) for name in ("table", "expectation", "column", "count")}
    code = "validate.suite"
    if violation.table == ASSERTIONS:
        code, names = "validate.assertion", {"name": violation.expectation, "count": violation.count}
    echo(" ".join(filter(None, (say(code, lang, **names), violation.why.get(lang), violation.error))))
    for row in violation.rows:
        echo(f"    {row_text(row)}")


def _to_json(record: Record, check: SnapshotCheck) -> str:
    rules = [
        {"table": v.table, "rule": v.expectation, "column": v.column, "count": v.count, "why": dict(v.why),
         "rows": list(v.rows), "error": v.error}
        for v in check.violations
    ]  # fmt: skip
    warnings = [{"rule": r.name, "count": r.count, "why": dict(r.why), "rows": list(r.rows)} for r in check.warnings]
    answer = {"snapshot": record.id, "valid": check.is_valid, "damaged": list(check.damaged), "violations": rules,
              "warnings": warnings}  # fmt: skip
    return json.dumps(answer, ensure_ascii=False, indent=1, default=str)
