"""A found page and its state: a new report, a revision, a correction, one that is known, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from pipeline.collect.found import FoundPage
from pipeline.core.model import NOT_COLLECTED, DataFault, WebOrigin
from pipeline.job.accept import Accepted
from pipeline.job.receipt import Receipt

# `known` is registered from elsewhere with the same numbers; `repeated` is on another page, too; `other` is another
# version of a registered report on another page, about which a person decides.
State = Literal[
    "new", "revised", "corrected", "replaced", "unchanged", "known", "repeated", "superseded", "other", "question",
    "no_report",
]  # fmt: skip
Certainty = Literal["stated", "titled", "evidence", "recognised"]
REPLACING = frozenset({"revised", "corrected", "replaced"})
CHINA = timedelta(hours=8)


@dataclass(frozen=True)
class CollectedPage:
    """A found page and its state. `file_url` is the address of the file that counts, `web` the report's origin.

    `report_id` is the path of its report below `data/raw`, '' if it has none. `note` is a doubt about its files.
    """

    found: FoundPage
    state: State
    receipt: Receipt | None = None
    file_url: str = ""
    web: WebOrigin = NOT_COLLECTED
    report_id: str = ""
    note: DataFault | None = None

    @property
    def certainty(self) -> Certainty:
        """How the body of the report is known: from `sources.csv`, its title, other evidence, or only its pattern."""
        if self.found.portal.body:
            return "stated"
        if self.receipt and self.receipt.body and self.receipt.body.recognised:
            return "recognised"
        extraction = self.receipt.extraction if self.receipt else None
        return "titled" if extraction and extraction.titled else "evidence"

    def with_outcome(self, outcome: Accepted) -> CollectedPage:
        """Return the page after its registration; a report that another one prevented needs a person."""
        state: State = self.state if outcome.report_id else "other"
        return replace(self, state=state, receipt=outcome.receipt, report_id=outcome.report_id)


def day_in_china(at: str) -> str:
    """Return the day in China of a time in UTC: China has one time zone, and no summer time since 1992."""
    return (datetime.fromisoformat(at) + CHINA).date().isoformat()
