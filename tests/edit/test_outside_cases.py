"""Compare the editing with cases that other packages document, with their answers.

`outside_cases.json` holds figures of the documentation and the unit tests of the R packages deducorrect, deductive,
editrules, errorlocate and validatetools, and of Scholtus (2008, 2009) and de Waal, Pannekoek, Scholtus (2011). A case
that differs has its reason.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.edit import parse_number
from pipeline.edit.cases import run_case

Entry = dict[str, Any]
ENTRIES: list[Entry] = json.loads(
    Path(__file__).with_name("outside_cases.json").read_text(encoding="utf-8"),
    parse_float=parse_number,
    parse_int=parse_number,
)
MIN_CASES, MAX_SHARE_THAT_DIFFERS = 104, Decimal("0.04")


def is_correction(outcome: Entry, expected: dict[str, Decimal]) -> bool:
    """Return whether these numbers are corrected, or are one of several equally good corrections."""
    is_tie = outcome["status"] == "tied" and set(expected) in map(set, outcome["errors"])
    return bool(outcome["corrected"] == expected or is_tie)


def is_located(outcome: Entry, expected: list[str]) -> bool:
    """Return whether these variables are one of the error sets; the other packages draw one of several."""
    return set(expected) in map(set, outcome["errors"]) if expected else outcome["status"] == "consistent"


def agrees(outcome: Entry, field: str, expected: Any) -> bool:
    """Return whether a field of the outcome is as expected."""
    if field == "adapt":
        return is_located(outcome, expected)
    if field == "corrected":
        return is_correction(outcome, expected)
    if field == "number_of_changes":
        return bool(len(outcome["corrected"]) == expected)
    values = [e["status"] for e in outcome["edits"]] if field == "edits" else outcome.get(field)
    return bool(values == expected)


def differences(entry: Entry) -> list[str]:
    """Return the fields of the expected outcome that the outcome does not have."""
    outcome = run_case(entry["case"])
    return [field for field, expected in entry["expected"].items() if not agrees(outcome, field, expected)]


@pytest.mark.parametrize("entry", ENTRIES, ids=[e["source"] for e in ENTRIES])
def test_outcome_is_the_documented_one(entry: Entry) -> None:
    assert bool(differences(entry)) == ("reason" in entry), run_case(entry["case"])


def test_few_cases_differ() -> None:
    reasons = [e["reason"] for e in ENTRIES if "reason" in e]
    assert len(ENTRIES) >= MIN_CASES
    assert len(reasons) <= MAX_SHARE_THAT_DIFFERS * len(ENTRIES)
    assert all(reasons)
    assert len({json.dumps(e["case"], default=str) for e in ENTRIES}) >= MIN_CASES
