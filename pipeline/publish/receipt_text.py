"""Receipts in words, and as rows for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.core.change_table import change_lines
from pipeline.core.messages import say
from pipeline.core.model import ANNUAL_REPORT
from pipeline.core.report_names import report_name
from pipeline.core.sentences import label, separator
from pipeline.job.differences import Difference
from pipeline.job.receipt import Receipt
from pipeline.publish.check_page import sentences_by_kind

MAX_DIFFERENCES_SHOWN = 10
HINTS = (
    "add.body",
    "add.year",
    "add.quarter",
    "add.subject",
    "receive.new_body",
    "receive.unknown_body",
    "receive.version",
)  # options that help


def receipt_line(receipt: Receipt, lang: str) -> str:
    """Return what became of a file in one line: its name, whose report it is, its problems or the reason."""
    status = say(f"receive.status.{receipt.status}", lang)
    code = receipt.reason.code.removesuffix(".unstated") if receipt.reason else ""
    hint = say(f"receive.hint.{code}", lang) if code in HINTS else ""
    why = reason(receipt, lang) + ("" if lang == "zh" or not hint else " ") + hint
    parts = [owner(receipt, lang), why or problem_counts(receipt, lang)]
    return f"{status}  {receipt.file.name}：{separator(lang).join(part for part in parts if part)}"


def owner(receipt: Receipt, lang: str) -> str:
    """Return the body and year that are known, '' without a body."""
    if receipt.body is None:
        return ""
    read, year = receipt.extraction, receipt.year or say("extract.unknown", lang)
    parts = {"kind": read.kind, "quarter": read.quarter, "subject": read.subject} if read else {"kind": ANNUAL_REPORT}
    return report_name({"body": receipt.body.name, "year": year, **parts}, lang)


def reason(receipt: Receipt, lang: str) -> str:
    """Return why a report is not ready, with the bodies that may be meant; '' if there is no reason."""
    if receipt.reason is None:
        return ""
    text = say(receipt.reason.code, lang, **receipt.reason.values)
    names = separator(lang).join(receipt.suggestions)
    hint = say("receive.suggestions", lang, names=names) if names else ""
    return text + (hint if lang == "zh" else f" {hint}".rstrip())


def problem_counts(receipt: Receipt, lang: str) -> str:
    """Return the number of errors and of questions about a report."""
    count = counts_of(receipt)
    code = "problems" if count["error"] or count["warning"] else "clean"
    return say(f"receive.{code}", lang, errors=count["error"], warnings=count["warning"])


def counts_of(receipt: Receipt) -> dict[str, int]:
    """Return the number of sentences per kind; a wrong cell is one, however many identities it breaks."""
    report = receipt.report
    if report is None or report.fault:
        return {"error": 0, "warning": 0}
    return {kind: len(texts) for kind, texts in sentences_by_kind(report, "en").items()}


def difference_lines(receipt: Receipt, lang: str, most: int = MAX_DIFFERENCES_SHOWN) -> list[str]:
    """Return a line per cell that differs from the earlier report, at most `most`, then how many more."""
    lines = [difference_line(receipt, difference, lang) for difference in receipt.differences[:most]]
    more = len(receipt.differences) - len(lines)
    return [*lines, say("check.more", lang, count=more)] if more > 0 else lines


def difference_line(receipt: Receipt, difference: Difference, lang: str) -> str:
    """Return one difference in words: the cell, its printed text before and now."""
    form, blank = receipt.extraction.form if receipt.extraction else None, say("proposal.blank", lang)
    texts = {"before": difference.before or blank, "after": difference.after or blank}
    return say("receive.difference", lang, label=label(difference.place, form, lang), **texts)


def receipt_state(receipt: Receipt, lang: str) -> dict[str, Any]:
    """Return whether the report can be registered, and what came before it, for programs."""
    form = receipt.extraction.form if receipt.extraction else None
    return {
        "status": receipt.status,
        "reason_code": receipt.reason.code if receipt.reason else None,
        "status_reason": reason(receipt, lang) or None,
        "suggestions": list(receipt.suggestions),
        "earlier": receipt.earlier or None,
        "differences": [
            {"cell": d.place, "label": label(d.place, form, lang), "before": d.before, "after": d.after}
            for d in receipt.differences
        ],
    }


def receipt_row(receipt: Receipt, lang: str) -> Mapping[str, Any]:
    """Return a receipt as a row: codes for programs, sentences for people."""
    report, count, extraction = receipt.report, counts_of(receipt), receipt.extraction
    sentences = sentences_by_kind(report, lang) if report and not report.fault else {}
    return {
        "file": receipt.file.name,
        **receipt_state(receipt, lang),
        "body_id": receipt.body.body_id if receipt.body else None,
        "body": receipt.body.name if receipt.body else None,
        "year": receipt.year,
        "part": receipt.part,
        "form": extraction.form if extraction else None,
        "cells": sum(cell.value is not None for cell in extraction.cells) if extraction else 0,
        "errors": count["error"],
        "warnings": count["warning"],
        "changes": change_lines(report.changes.get(lang, ()), lang) if report else [],
        "sentences": {kind: sentences.get(kind, []) for kind in ("error", "warning")},
    }
