"""The table of the largest changes against the year before, as texts for screens and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.core.messages import say
from pipeline.core.sentences import number

MAX_CHANGES = 10  # the changes shown of one report, the largest first
COLUMNS = ("indicator", "prior", "value", "change", "percent")
TENTH = Decimal("0.1")


def change_headings(lang: str) -> list[str]:
    """Return the heading of each column."""
    return [say(f"changes.{column}", lang) for column in COLUMNS]


def change_rows(changes: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return the largest changes as rows of texts: indicator, both figures, the change, and the change in percent.

    `changes` are rows of `sql/queries/jumps.sql`, the largest first.
    """
    return [
        [row["indicator"], number(row["prior"]), number(row["value"]), f"{row['change']:+,.6f}".rstrip("0").rstrip("."),
         _percent(row)]
        for row in changes[:MAX_CHANGES]
    ]  # fmt: skip


def _percent(row: Mapping[str, Any]) -> str:
    """Return the change in percent of the figure of the year before, with one decimal; nothing if that is 0."""
    if not row["prior"]:
        return ""
    percent = (100 * row["change"] / row["prior"]).quantize(TENTH, ROUND_HALF_UP)
    return f"{percent:+,}%"


def change_lines(changes: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """Return the largest changes as lines for a screen."""
    lines = []
    for indicator, prior, value, change, percent in change_rows(changes):
        share = say("changes.share", lang, percent=percent) if percent else ""
        lines.append(say("changes.line", lang, indicator=indicator, prior=prior, value=value, change=change) + share)
    return lines
