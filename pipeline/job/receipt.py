"""The receipt of an incoming file: whose report it is, whether it can be registered, and what differs from before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.core.kind import report_part
from pipeline.core.model import DataFault, Extraction
from pipeline.job.differences import Difference
from pipeline.raw.add import Place
from pipeline.raw.incoming import IncomingFile
from pipeline.registry.bodies import Body
from pipeline.report import ProcessedReport

# `ready` can be registered; `version` is another report of a body and year that has one; `ignored` is no report.
Status = Literal["ready", "returned", "version", "duplicate", "unknown", "ignored"]


@dataclass(frozen=True)
class Receipt:
    """The answer to one incoming file. `reason` says why it is not ready.

    `earlier` names the report of the same body and year that came before, and `differences` are those of the two.
    `replaces` is its path below `data/raw`, '' if it is another file of the same batch. `suggestions` are names of
    bodies that may be meant.
    """

    file: IncomingFile
    status: Status
    reason: DataFault | None = None
    report: ProcessedReport | None = None
    body: Body | None = None
    earlier: str = ""
    replaces: str = ""
    differences: tuple[Difference, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The report year."""
        return self.report.source.year or None if self.report else None

    @property
    def part(self) -> str:
        """The part of the year that tells reports of one body and year apart, empty for an annual report."""
        read = self.extraction
        return report_part(read.kind, read.quarter, read.subject) if read else ""

    def place(self, body: Body) -> Place:
        """Return what identifies the report of a body among those of its year."""
        return body.body_id, self.part

    @property
    def extraction(self) -> Extraction | None:
        """The cells and figures of the report, None if it could not be read."""
        return self.report.extraction if self.report else None
