"""Accept received reports: register them in `data/raw`, under the rules of their receipts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.core.model import DataFault, Provenance
from pipeline.core.paths import Data
from pipeline.job.receipt import Receipt
from pipeline.raw.add import NewReport, add_report

SAME_NUMBERS = "receive.same_numbers"  # the text of a report may still differ


@dataclass(frozen=True)
class Acceptance:
    """Where accepted reports are from. Without a `source`, the name of each file as it was sent is recorded.

    With `replace`, another report of a body and year replaces the registered one.
    """

    source: str = ""
    provenance: Provenance = "published"
    replace: bool = False


@dataclass(frozen=True)
class Accepted:
    """A receipt with the path of its report below `data/raw`, '' if the report was not accepted."""

    receipt: Receipt
    report_id: str = ""


def accept(receipts: Iterable[Receipt], data: Data, how: Acceptance) -> list[Accepted]:
    """Register the ready reports, and with `how.replace` also other versions; return all receipts in their order.

    A report that somebody registered since the receipt was written has the fault of `add_report` as its reason.
    """
    return [_accept(receipt, data, how) for receipt in receipts]


def _accept(receipt: Receipt, data: Data, how: Acceptance) -> Accepted:
    is_other = receipt.status == "version" or (receipt.reason is not None and receipt.reason.code == SAME_NUMBERS)
    is_wanted = receipt.status == "ready" or (is_other and receipt.replaces and how.replace)
    if not is_wanted or receipt.body is None or receipt.year is None:
        return Accepted(receipt)
    report = receipt.report
    # A document that calls itself simulated is registered as simulated, whatever the user says.
    simulated = report is not None and report.extraction is not None and report.extraction.simulated
    provenance = "simulated" if simulated else how.provenance
    source = how.source or receipt.file.name
    new = NewReport(receipt.file.path, receipt.body, receipt.year, source, provenance, receipt.replaces)
    try:
        return Accepted(replace(receipt, status="ready", reason=None), add_report(data, new))
    except DataFault as fault:
        return Accepted(replace(receipt, status="version", reason=fault))
