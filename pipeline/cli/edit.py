"""`ogi edit`: edit cases of linear edits: JSON in, JSON out."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import InputFile, common_options, current_language, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.edit.cases import run_case


@click.command(help=help_text("edit"))
@click.argument("cases", type=InputFile())
@common_options
def command(cases: Path) -> int:
    """Run the cases of a file."""
    return run_cases(cases, current_language())


def run_cases(cases: Path, lang: str) -> int:
    """Print a JSON array with the outcome of each case, in order: 1 if one was refused, 2 if the file is no list."""
    try:
        parsed = json.loads(cases.read_text(encoding="utf-8-sig"), parse_float=parse_number, parse_int=parse_number)
    except (ValueError, RecursionError) as error:
        echo(say("edit.json", lang, path=cases, error=error), err=True)
        return ExitCode.USAGE
    if not isinstance(parsed, list):
        echo(say("edit.list", lang, path=cases), err=True)
        return ExitCode.USAGE
    outcomes = [run_case(case) for case in parsed]
    # Half a surrogate pair, which no encoding has, is printed as its JSON escape.
    echo(to_json(outcomes).encode("utf-8", "backslashreplace").decode("utf-8"))
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
