"""The index page of checked files: one line per file, duplicates, reports still to come, and a notice for each body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.core.messages import say
from pipeline.core.model import ANNUAL_REPORT
from pipeline.core.report_names import title_name
from pipeline.job.receipt import Receipt
from pipeline.publish.check_page import sentences_by_kind
from pipeline.publish.page_template import render_page
from pipeline.publish.receipt_text import counts_of, difference_lines, owner, reason
from pipeline.publish.return_notice import render_notice

STATUSES = ("unknown", "returned", "version", "ready", "duplicate", "ignored")


@dataclass(frozen=True)
class CheckIndex:
    """The content of the index: the receipts, the pages about them by file name, and the reports still to come."""

    receipts: Sequence[Receipt]
    pages: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[str] = ()
    sender: str = ""

    def counts(self) -> dict[str, int]:
        """Return the number of files per status, for the statuses that occur."""
        found = {status: sum(r.status == status for r in self.receipts) for status in STATUSES}
        return {status: count for status, count in found.items() if count}


def summary_line(index: CheckIndex, lang: str) -> str:
    """Return the numbers of files by status, of errors and of reports still to come in one line."""
    parts = [f"{say(f'receive.status.{status}', lang)} {count}" for status, count in index.counts().items()]
    errors = sum(counts_of(receipt)["error"] for receipt in index.receipts)
    values = {"files": len(index.receipts), "parts": "，".join(parts) if lang == "zh" else ", ".join(parts)}
    return say("check.summary", lang, errors=errors, missing=len(index.missing), **values)


def render_index(index: CheckIndex, notices: Mapping[str, str], lang: str) -> str:
    """Return the index page. `notices` are the names of the notices by file name."""
    rows = [
        {
            "status": receipt.status,
            "status_text": say(f"receive.status.{receipt.status}", lang),
            "file": receipt.file.name,
            "page": index.pages.get(receipt.file.name, ""),
            "owner": owner(receipt, lang),
            "reason": reason(receipt, lang),
            "differences": difference_lines(receipt, lang),
            "notice": notices.get(receipt.file.name, ""),
            **counts_of(receipt),
        }
        for receipt in sorted(index.receipts, key=lambda r: (STATUSES.index(r.status), -counts_of(r)["error"]))
    ]
    heads = ("state", "file", "body", "finding", "action")
    return render_page(
        "check_index.html",
        language="zh-CN" if lang == "zh" else "en",
        title=say("check.index", lang),
        summary=summary_line(index, lang),
        heads=[say(f"desk.inbox.{name}", lang) for name in heads],
        rows=rows,
        errors=lambda count: say("desk.errors", lang, count=count),
        warnings=lambda count: say("desk.warnings", lang, count=count),
        clean=say("receive.clean", lang),
        notice=say("desk.due.notice", lang),
        missing_title=say("check.missing", lang, count=len(index.missing)),
        missing=index.missing,
    )


def notice_of(receipt: Receipt, sender: str, lang: str) -> str:
    """Return the notice that sends a file back; '' if there is nothing to correct."""
    if receipt.status in ("ignored", "duplicate"):
        return ""
    is_read = receipt.report is not None and receipt.report.fault is None
    found = sentences_by_kind(receipt.report, lang) if receipt.report and is_read else {"error": [], "warning": []}
    texts = [text for text in (reason(receipt, lang), *found["error"], *found["warning"]) if text]
    if not (receipt.reason or found["error"]):
        return ""
    body = receipt.body.name if receipt.body else receipt.file.name
    return render_notice(sender, body, _title(receipt, lang), texts, lang)


def _title(receipt: Receipt, lang: str) -> str:
    """Return the period and kind of the report; an unknown year is `?`."""
    read = receipt.extraction
    parts = {"quarter": read.quarter, "subject": read.subject} if read else {}
    kind = read.kind if read else ANNUAL_REPORT
    return title_name({"year": receipt.year or "?", "kind": kind, **parts}, lang)
