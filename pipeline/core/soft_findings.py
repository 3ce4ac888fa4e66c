"""Messages about the findings of the soft edits, which compare a figure with last year and with similar bodies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

SOFT_EDITS = frozenset(
    ("year.factor", "year.ratio", "peer.factor", "peer.gap", "report.repeated_year", "report.repeated_body")
)
TENTH = Decimal("0.1")


def soft_message(finding: Mapping[str, Any]) -> tuple[str, dict[str, Decimal | str]]:
    """Return the code of the message about a failed finding of `SOFT_EDITS`, and its values.

    `finding` is a row of table `findings`: `lhs` is the printed figure, `rhs` that of the year before, or for an edit
    with peers the figure that is expected. `note` is as the file of `sql/checks` describes it.
    """
    code = f"soft.{finding['identity']}"
    if finding["identity"].startswith("report."):
        return code, _repetition(finding["note"])
    sides = {"lhs": finding["lhs"], "rhs": finding["rhs"]}
    if finding["identity"].startswith("peer."):
        return code, sides
    ratio = finding["lhs"] / finding["rhs"]
    sides |= {"ratio": ratio.quantize(TENTH, ROUND_HALF_UP), "percent": (100 * ratio).quantize(TENTH, ROUND_HALF_UP)}
    if finding["identity"] == "year.ratio":
        return f"{code}.{'rise' if ratio > 1 else 'fall'}", sides
    kind, _, factor = finding["note"].partition("=")
    return f"{code}.{kind}", sides | _factor(kind, Decimal(factor), finding["lhs"])


def _repetition(note: str) -> dict[str, Decimal | str]:
    """Return the values of a note such as `200/200 37 2023/321300.html`."""
    counts, not_zero, other = note.split(" ", 2)
    equal, _, compared = counts.partition("/")
    return {"equal": equal, "compared": compared, "not_zero": not_zero, "other": other}


def _factor(kind: str, factor: Decimal, value: Decimal) -> dict[str, Decimal | str]:
    """Return the factor, and the number that the cell would have without it. `kind` is `times` or `part`."""
    return {"factor": factor, "implied": value / factor if kind == "times" else value * factor}
