"""The name of a report in a sentence: its body and year, and for other kinds than the annual one quarter and kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.core.messages import say
from pipeline.core.model import ANNUAL_REPORT
from pipeline.core.sentences import form_name, period_name


def report_name(report: Mapping[str, Any], lang: str) -> str:
    """Return the name of a report, given `body`, `year`, `kind`, `quarter` and `subject`, as `all_reports` has them."""
    if report["kind"] in (None, ANNUAL_REPORT):
        return f"{report['body']} {report['year']}"
    return f"{report['body']} {title_name(report, lang)}"


def title_name(report: Mapping[str, Any], lang: str) -> str:
    """Return the name of a report without that of its body, as a title has it: its period and kind."""
    if report["kind"] in (None, ANNUAL_REPORT):
        return say("report.annual", lang, year=report["year"])
    period, kind = period_name(report["year"], report["quarter"], lang), form_name(report["kind"], lang)
    return " ".join(part for part in (period, kind, report["subject"]) if part)
