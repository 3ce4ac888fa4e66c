"""Read found pages, and decide what each is: a new report, a revision, a correction, one that is known, or none.

A page and its attachments are one report: the file with the most numbers counts, and the page if they have as many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.collect.archive import Archive
from pipeline.collect.candidates import write_candidates
from pipeline.collect.found import FoundPage, WebFile
from pipeline.collect.titles import is_correction
from pipeline.core.model import DataFault, Extraction, WebOrigin
from pipeline.core.paths import Data
from pipeline.job.accept import SAME_NUMBERS
from pipeline.job.check import Statement
from pipeline.job.collected import CollectedPage, State, day_in_china
from pipeline.job.receipt import Receipt, compare_cells
from pipeline.job.receive import BodyAndYear, receive
from pipeline.raw.file_state import sha256
from pipeline.raw.incoming import IncomingFile, list_incoming
from pipeline.raw.manifest import read_lines
from pipeline.report import read_report
from pipeline.runtime.child_process import Guard

NO_REPORT = frozenset({"receive.no_report", "receive.notice", "extract.no_table", "receive.template"})
MIN_SHARE = 0.5  # of the numbers of the best file, from which another file is compared with it


@dataclass(frozen=True)
class _Choice:
    """The file of a page that counts."""

    incoming: IncomingFile
    file: WebFile
    note: DataFault | None = None


@dataclass
class PageReader:
    """Read pages below a temporary folder. With `may_replace`, other versions on other pages replace reports, too.

    In a preview nothing is registered, so `taken` remembers the reports that would be.
    """

    data: Data
    archive: Archive
    folder: Path
    may_replace: bool = False
    is_preview: bool = False
    taken: dict[BodyAndYear, IncomingFile] = field(default_factory=dict)
    _count: int = 0

    def read(self, pages: Sequence[FoundPage]) -> list[CollectedPage]:
        """Return what the pages are, in their order."""
        lines = read_lines(self.data.manifest) if self.data.manifest.is_file() else []
        by_url, by_path = {line["url"]: line for line in lines if line["url"]}, {line["path"]: line for line in lines}
        done: dict[str, CollectedPage] = {}
        choices: dict[str, _Choice] = {}
        with Guard() as child:
            for page in pages:
                try:
                    choice = self._choose(page, by_url.get(page.url, {}), child)
                except DataFault as fault:
                    done[page.url] = CollectedPage(page, "question", note=fault)
                    continue
                if choice is None:
                    done[page.url] = CollectedPage(page, "unchanged", report_id=by_url[page.url]["path"])
                else:
                    choices[page.url] = choice
        receipts = self._receive(pages, choices)
        for page in pages:
            if page.url in choices:
                done[page.url] = self._decide(page, choices[page.url], receipts[page.url], by_path)
        return [done[page.url] for page in pages]

    def _choose(self, page: FoundPage, line: Mapping[str, str], child: Guard) -> _Choice | None:
        """Return the file that counts, None if the only one is registered as it is."""
        self._count += 1
        folder = self.folder / str(self._count)
        written = write_candidates(page, self.archive, folder)
        if len(written) == 1 and line and not line["vanished_on"] and sha256(written[0][0]) == line["sha256"]:
            return None
        files = [
            (replace(incoming, origin=file.url), file)
            for number, (path, file) in enumerate(written)
            for incoming in list_incoming([path], folder / f"unpacked-{number}")
        ]
        if len(files) == 1:
            return _Choice(*files[0])
        return _best(files, [_extraction(child, incoming, self.data) for incoming, _ in files])

    def _receive(self, pages: Sequence[FoundPage], choices: Mapping[str, _Choice]) -> dict[str, Receipt]:
        chosen = [page for page in pages if page.url in choices]
        files = [choices[page.url].incoming for page in chosen]
        statements = {
            choices[page.url].incoming.path: Statement(page.portal.body) for page in chosen if page.portal.body
        }
        receipts = receive(files, self.data, statements, taken=self.taken if self.is_preview else None)
        if self.is_preview:
            self.taken |= {
                (r.body.body_id, r.year): r.file for r in receipts if r.status == "ready" and r.body and r.year
            }
        return {page.url: receipt for page, receipt in zip(chosen, receipts, strict=True)}

    def _decide(
        self, page: FoundPage, choice: _Choice, receipt: Receipt, lines: Mapping[str, Mapping[str, str]]
    ) -> CollectedPage:
        line = lines.get(receipt.replaces, {})
        state = self._state(page, receipt, line)
        corrected = (line.get("url") or line.get("source", "")) if state == "corrected" else line.get("supersedes", "")
        published = page.published_on
        is_possible = published is not None and (receipt.year is None or published.year >= receipt.year)
        collected = day_in_china((page.page or choice.file).visit.at)
        published_on = published.isoformat() if published and is_possible else ""
        web = WebOrigin(page.url, published_on, collected, supersedes=corrected)
        report_id = receipt.replaces if state in ("known", "unchanged") else ""
        return CollectedPage(page, state, receipt, choice.file.url, web, report_id, choice.note)

    def _state(self, page: FoundPage, receipt: Receipt, line: Mapping[str, str]) -> State:
        """Return what a page is; `line` is that of the registered report of the same body and year."""
        code = receipt.reason.code if receipt.reason else ""
        if receipt.status == "ready":
            return "new"
        if receipt.status == "duplicate":
            return _state_of_repetition(page, line, has_same_bytes=code != SAME_NUMBERS)
        if receipt.status == "version":
            return self._state_of_version(page, line)
        return "no_report" if receipt.status == "ignored" or code in NO_REPORT else "question"

    def _state_of_version(self, page: FoundPage, line: Mapping[str, str]) -> State:
        if line and line["url"] == page.url:
            return "revised"
        if line and line["supersedes"] == page.url:
            return "superseded"
        if is_correction(page.title):
            return "corrected"
        return "replaced" if self.may_replace and line else "other"


def _state_of_repetition(page: FoundPage, line: Mapping[str, str], *, has_same_bytes: bool) -> State:
    """Return what a page with the numbers of a registered report is. Pages change without their report."""
    if not line:
        return "repeated"
    if line["url"] == page.url:
        return "known" if line["vanished_on"] else "unchanged"
    return "known" if not line["url"] and has_same_bytes else "repeated"


def _extraction(child: Guard, incoming: IncomingFile, data: Data) -> Extraction | None:
    """Return what a file has, None if it cannot be read."""
    if incoming.fault:
        return None
    try:
        extraction: Extraction = child.call(read_report, incoming.path, data.raw, True)
    except DataFault:
        return None
    return extraction


def _best(files: Sequence[tuple[IncomingFile, WebFile]], extractions: Sequence[Extraction | None]) -> _Choice:
    """Return the file with the most numbers, and a note if another one has other numbers."""
    counts = [_count(extraction) for extraction in extractions]
    best = counts.index(max(counts))
    extraction, note = extractions[best], None
    for number, other in enumerate(extractions):
        is_comparable = number != best and counts[number] >= MIN_SHARE * counts[best]
        if extraction and other and is_comparable and (differences := compare_cells(extraction, other)):
            note = DataFault("collect.differs", count=len(differences), url=files[number][1].url)
    return _Choice(*files[best], note)


def _count(extraction: Extraction | None) -> int:
    """Return how many numbers a file has; -1 if it cannot be read."""
    if extraction is None:
        return -1
    return sum(cell.value is not None for cell in extraction.cells) + len(extraction.figures)
