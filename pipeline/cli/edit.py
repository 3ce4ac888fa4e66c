"""`ogi edit`: edit cases of linear edits, JSON in, JSON out; examine sets of edits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from pipeline.cli.edit_report import Report, examine_cases, examine_forms
from pipeline.cli.options import InputFile, common_options, current_language, help_text
from pipeline.cli.terminal import echo
from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.edit.cases import run_case


@click.command(help=help_text("edit"))
@click.argument("cases", required=False, type=InputFile())
@click.option("--examine", "is_examination", is_flag=True, help=help_text("examine"))
@click.option("--form", "form_codes", multiple=True, help=help_text("examine.form"))
@click.option("--json", "as_json", is_flag=True, help=help_text("examine.json"))
@common_options
def command(cases: Path | None, is_examination: bool, form_codes: tuple[str, ...], as_json: bool) -> int:
    """Run the cases of a file, or examine sets of edits."""
    lang = current_language()
    if not is_examination and (form_codes or as_json):
        raise click.UsageError(say("edit.only_examine", lang))
    if not is_examination and cases is None:
        raise click.UsageError(say("edit.no_cases", lang))
    if cases and form_codes:
        raise click.UsageError(say("edit.file_or_form", lang))
    if unknown := [code for code in form_codes if code not in forms()]:
        raise click.UsageError(say("edit.no_form", lang, form=unknown[0], forms=", ".join(forms())))
    if cases is None:
        return print_reports(examine_forms(form_codes or tuple(forms()), lang), as_json, lang)
    if not is_examination:
        return run_cases(cases, lang)
    parsed = read_list(cases, lang)
    return ExitCode.USAGE if parsed is None else print_reports(examine_cases(parsed), as_json, lang)


def read_list(path: Path, lang: str) -> list[Any] | None:
    """Return the list in a JSON file, with exact numbers; print the reason and return None where there is none."""
    try:
        parsed = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=parse_number, parse_int=parse_number)
    except (ValueError, RecursionError) as error:
        echo(say("edit.json", lang, path=path, error=error), err=True)
        return None
    if not isinstance(parsed, list):
        echo(say("edit.list", lang, path=path), err=True)
        return None
    return parsed


def print_json(value: Any) -> None:
    """Print JSON; half a surrogate pair, which no encoding has, is printed as its JSON escape."""
    echo(to_json(value).encode("utf-8", "backslashreplace").decode("utf-8"))


def print_reports(reports: Sequence[Report], as_json: bool, lang: str) -> int:
    """Print examinations: 1 if a set of edits contradicts itself or was not examined."""
    if as_json:
        print_json([report.outcome for report in reports])
    else:
        for report in reports:
            for line in report.lines(lang):
                echo(line)
    are_consistent = all(report.outcome["status"] == "consistent" for report in reports)
    return ExitCode.OK if are_consistent else ExitCode.PROBLEMS


def run_cases(cases: Path, lang: str) -> int:
    """Print a JSON array with the outcome of each case, in order: 1 if one was refused, 2 if the file is no list."""
    parsed = read_list(cases, lang)
    if parsed is None:
        return ExitCode.USAGE
    outcomes = [run_case(case) for case in parsed]
    print_json(outcomes)
    return ExitCode.PROBLEMS if any(o["status"] == "refused" for o in outcomes) else ExitCode.OK


def parse_number(text: str) -> Decimal:
    """Return a number exactly as written. One whose exponent is out of bounds becomes NaN, which is refused later."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def to_json(value: Any, margin: str = "\n") -> str:
    """Return indented JSON in which decimals are numbers with all their digits, which the json module cannot write."""
    inner = margin + " "
    if isinstance(value, dict) and value:
        members = f",{inner}".join(f"{to_json(k)}: {to_json(v, inner)}" for k, v in value.items())
        return f"{{{inner}{members}{margin}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join(to_json(v, inner) for v in value)}{margin}]"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return json.dumps(value, ensure_ascii=False)
