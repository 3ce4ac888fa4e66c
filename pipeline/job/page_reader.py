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
from pipeline.job.accept import SAME_CONTENT
from pipeline.job.check import Statement
from pipeline.job.collected import CollectedPage, State, day_in_china
from pipeline.job.differences import compare_reports
from pipeline.job.receipt import Receipt
from pipeline.job.receive import PlaceAndYear, receive
from pipeline.raw.file_state import sha256
from pipeline.raw.incoming import IncomingFile, list_incoming
from pipeline.raw.manifest import read_lines
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body
from pipeline.report import read_report
from pipeline.runtime.child_process import Guard, kept_child

NO_REPORT = frozenset({"receive.no_report", "receive.notice", "extract.no_table", "receive.template"})
MIN_SHARE = 0.5  # of the numbers of the best file, from which another file is compared with it


@dataclass(frozen=True)
class _Choice:
    """The file of a page that counts for a report."""

    page: FoundPage
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
    taken: dict[PlaceAndYear, IncomingFile] = field(default_factory=dict)
    _count: int = 0

    def read(self, pages: Sequence[FoundPage]) -> list[CollectedPage]:
        """Return the reports of the pages in their order. A page can have several: attachments of several bodies."""
        lines = read_lines(self.data.manifest) if self.data.manifest.is_file() else []
        by_path, hashes = {line["path"]: line for line in lines}, _hashes_by_url(lines)
        found: list[CollectedPage | _Choice] = []
        with kept_child() as child:
            for page in pages:
                try:
                    choices = self._choose(page, hashes.get(page.url, {}), child)
                except DataFault as fault:
                    found.append(CollectedPage(page, "question", note=fault))
                else:
                    found += choices
        receipts = iter(self._receive([choice for choice in found if isinstance(choice, _Choice)]))
        return [self._decide(f, next(receipts), by_path) if isinstance(f, _Choice) else f for f in found]

    def _choose(
        self, page: FoundPage, registered: Mapping[str, str], child: Guard
    ) -> Sequence[CollectedPage | _Choice]:
        """Return the file that counts for each report of a page, and the page itself if its only file is registered.

        `registered` has the paths of the reports from the page by their hashes.
        """
        self._count += 1
        folder = self.folder / str(self._count)
        written = write_candidates(page, self.archive, folder)
        if len(written) == 1 and (path := registered.get(sha256(written[0][0]))):
            return [CollectedPage(page, "unchanged", report_id=path)]
        files = [
            (replace(incoming, origin=file.url), file)
            for number, (path, file) in enumerate(written)
            for incoming in list_incoming([path], folder / f"unpacked-{number}")
        ]
        if len(files) == 1:
            return [_Choice(page, *files[0])]
        extractions = [_extraction(child, incoming, self.data) for incoming, _ in files]
        return [
            _best(page, [files[i] for i in own], [extractions[i] for i in own])
            for own in self._group(page, extractions)
        ]

    def _group(self, page: FoundPage, extractions: Sequence[Extraction | None]) -> list[list[int]]:
        """Return the positions of the files of each report: one group, unless files name several bodies or years."""
        keys = [self._key(page, extraction) for extraction in extractions]
        if page.page and keys[0]:  # files of other reports are those of a sidebar
            return [[number for number, key in enumerate(keys) if key in (keys[0], None)]]
        if len({key for key in keys if key}) <= 1:
            return [list(range(len(keys)))]
        groups: dict[object, list[int]] = {}
        for number, (key, extraction) in enumerate(zip(keys, extractions, strict=True)):
            if extraction and any(cell.value is not None for cell in extraction.cells):
                groups.setdefault(key or number, []).append(number)
        return list(groups.values())

    def _key(self, page: FoundPage, extraction: Extraction | None) -> tuple[str, int] | None:
        """Return the body and year of a file with tables, None if they are unknown."""
        if extraction is None or extraction.year is None or not any(c.value is not None for c in extraction.cells):
            return None
        name = page.portal.body or extraction.body
        body = find_body(load_register(self.data.raw), name, year=extraction.year) if name else None
        return (body.body_id if body else name, extraction.year) if name else None

    def _receive(self, choices: Sequence[_Choice]) -> list[Receipt]:
        stated = [(choice.incoming.path, choice.page.portal.body) for choice in choices]
        statements = {path: Statement(body) for path, body in stated if body}
        files = [choice.incoming for choice in choices]
        receipts = receive(files, self.data, statements, taken=self.taken if self.is_preview else None)
        if self.is_preview:
            ready = [receipt for receipt in receipts if receipt.status == "ready"]
            self.taken |= {(r.place(r.body), r.year): r.file for r in ready if r.body and r.year}
        return receipts

    def _decide(self, choice: _Choice, receipt: Receipt, lines: Mapping[str, Mapping[str, str]]) -> CollectedPage:
        page = choice.page
        line = lines.get(receipt.replaces, {})
        state = self._state(page, receipt, line)
        published = page.published_on
        is_possible = published is not None and (receipt.year is None or published.year > receipt.year)
        published_on = published.isoformat() if published and is_possible else ""
        replaced = [line.get("url") or line.get("source", ""), line.get("supersedes", "")]
        chain = " ".join(filter(None, replaced)) if state in ("corrected", "replaced") else line.get("supersedes", "")
        web = WebOrigin(page.url, published_on, day_in_china((page.page or choice.file).visit.at), supersedes=chain)
        if state == "unchanged" and published_on and published_on != line.get("published_on"):
            state, web = "known", web._replace(collected_on=line.get("collected_on", ""))
        report_id = receipt.replaces if state in ("known", "unchanged") else ""
        note = choice.note or _several_reports(receipt)
        return CollectedPage(page, state, receipt, choice.file.url, web, report_id, note)

    def _state(self, page: FoundPage, receipt: Receipt, line: Mapping[str, str]) -> State:
        """Return what a page is; `line` is that of the registered report of the same body and year."""
        code = receipt.reason.code if receipt.reason else ""
        if receipt.status == "ready":
            return "new"
        if receipt.status == "duplicate":
            return _state_of_repetition(page, line, has_same_bytes=code != SAME_CONTENT)
        if receipt.status == "version":
            return self._state_of_version(page, line)
        return "no_report" if receipt.status == "ignored" or code in NO_REPORT else "question"

    def _state_of_version(self, page: FoundPage, line: Mapping[str, str]) -> State:
        if line and line["url"] == page.url:
            return "revised"
        if line and page.url in line["supersedes"].split():
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


def _several_reports(receipt: Receipt) -> DataFault | None:
    """Return the note on a file with the reports of several bodies or years: only the first one was read."""
    findings = receipt.extraction.findings if receipt.extraction else ()
    return next((DataFault("collect.several", names=f.note) for f in findings if f.identity == "who.several"), None)


def _hashes_by_url(lines: Sequence[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the paths of reports by address and hash; a report whose page had vanished is looked at again."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        if line["url"] and not line["vanished_on"]:
            found.setdefault(line["url"], {})[line["sha256"]] = line["path"]
    return found


def _extraction(child: Guard, incoming: IncomingFile, data: Data) -> Extraction | None:
    """Return what a file has, None if it cannot be read."""
    if incoming.fault:
        return None
    try:
        extraction: Extraction = child.call(read_report, incoming.path, data.raw, True)
    except DataFault:
        return None
    return extraction


def _best(
    page: FoundPage, files: Sequence[tuple[IncomingFile, WebFile]], extractions: Sequence[Extraction | None]
) -> _Choice:
    """Return the file with the most numbers, and a note if another one has other numbers."""
    counts = [_count(extraction) for extraction in extractions]
    best = counts.index(max(counts))
    extraction, note = extractions[best], None
    for number, other in enumerate(extractions):
        is_comparable = number != best and counts[number] >= MIN_SHARE * counts[best]
        if extraction and other and is_comparable and (differences := compare_reports(extraction, other)):
            note = DataFault("collect.differs", count=len(differences), url=files[number][1].url)
    return _Choice(page, *files[best], note)


def _count(extraction: Extraction | None) -> int:
    """Return how many numbers a file has; -1 if it cannot be read."""
    if extraction is None:
        return -1
    return sum(cell.value is not None for cell in extraction.cells) + len(extraction.figures)
