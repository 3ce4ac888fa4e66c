"""Accept received reports: register them in `data/raw`, under the rules of their receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.core.model import NOT_COLLECTED, DataFault, Provenance, WebOrigin
from pipeline.core.paths import Data
from pipeline.job.receipt import Receipt
from pipeline.raw.add import NewReport, add_reports

SAME_CONTENT = "receive.same_content"  # the text of a report may still differ


@dataclass(frozen=True)
class Acceptance:
    """Where accepted reports are from. Without a `source`, the name of each file as it was sent is recorded.

    With `replace`, another report of a body and year replaces the registered one.
    """

    source: str = ""
    provenance: Provenance = "published"
    replace: bool = False
    web: WebOrigin = NOT_COLLECTED


@dataclass(frozen=True)
class Accepted:
    """A receipt with the path of its report below `data/raw`, '' if the report was not accepted."""

    receipt: Receipt
    report_id: str = ""


def accept(receipts: Iterable[Receipt], data: Data, how: Acceptance) -> list[Accepted]:
    """Register the ready reports, and with `how.replace` also other versions; return all receipts in their order.

    A report that somebody registered since the receipt was written has the fault of `add_reports` as its reason.
    """
    return accept_each([(receipt, how) for receipt in receipts], data)


def accept_each(receipts: Sequence[tuple[Receipt, Acceptance]], data: Data) -> list[Accepted]:
    """Register reports as `accept` does, each with its own way of acceptance."""
    wanted = {number: new for number, pair in enumerate(receipts) if (new := _new_report(*pair))}
    outcomes = dict(zip(wanted, add_reports(data, list(wanted.values())), strict=True)) if wanted else {}
    return [_accepted(receipt, outcomes.get(number)) for number, (receipt, _) in enumerate(receipts)]


def _accepted(receipt: Receipt, outcome: str | DataFault | None) -> Accepted:
    if outcome is None:
        return Accepted(receipt)
    if isinstance(outcome, DataFault):
        return Accepted(replace(receipt, status="version", reason=outcome))
    return Accepted(replace(receipt, status="ready", reason=None), outcome)


def _new_report(receipt: Receipt, how: Acceptance) -> NewReport | None:
    """Return the report to register, None if the receipt does not allow it."""
    is_other = receipt.status == "version" or (receipt.reason is not None and receipt.reason.code == SAME_CONTENT)
    is_wanted = receipt.status == "ready" or (is_other and receipt.replaces and how.replace)
    if not is_wanted or receipt.body is None or receipt.year is None:
        return None
    report = receipt.report
    # A document that calls itself simulated is registered as simulated, whatever the user says.
    simulated = report is not None and report.extraction is not None and report.extraction.simulated
    provenance = "simulated" if simulated else how.provenance
    source = how.source or receipt.file.name
    new = NewReport(receipt.file.path, receipt.body, receipt.year, source, provenance, receipt.replaces, how.web)
    if report is None or report.extraction is None:
        return new
    read = report.extraction
    return replace(new, kind=read.kind, quarter=read.quarter, subject=read.subject)
