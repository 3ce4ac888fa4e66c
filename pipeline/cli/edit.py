"""`ogi edit`: cases of linear edits from a JSON file, their outcomes as JSON."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.edit.cases import run_case


def show_cases(path: Path, lang: str) -> int:
    """Print a JSON array with the outcome of each case, in order; 1 if one was refused, 2 if the file is no list."""
    try:
        cases = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=_number, parse_int=_number)
    except (ValueError, RecursionError) as error:
        echo(say("edit.json", lang, path=path, error=error), err=True)
        return ExitCode.USAGE
    if not isinstance(cases, list):
        echo(say("edit.list", lang, path=path), err=True)
        return ExitCode.USAGE
    outcomes = [run_case(case) for case in cases]
    # Half a surrogate pair, which no encoding has, is printed as the escape that JSON has for it.
    echo(_json(outcomes).encode("utf-8", "backslashreplace").decode("utf-8"))
    return ExitCode.PROBLEMS if any(o["status"] == "refused" for o in outcomes) else ExitCode.OK


def _number(text: str) -> Decimal:
    """A number exactly as it stands; one whose exponent is out of all bounds is no number, and refused as such."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")


def _json(value: Any, margin: str = "\n") -> str:
    """Indented JSON; decimals are numbers with all their digits, which the library cannot write."""
    inner = margin + " "
    if isinstance(value, dict) and value:
        members = f",{inner}".join(f"{_json(k)}: {_json(v, inner)}" for k, v in value.items())
        return f"{{{inner}{members}{margin}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join(_json(v, inner) for v in value)}{margin}]"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return json.dumps(value, ensure_ascii=False)
