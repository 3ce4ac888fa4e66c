"""Receive reports: decide for each incoming file whether it can be registered, and say why not. Nothing is written.

The answer is a receipt, as a clerk would give it at the counter: whose report it is, on which year, what is wrong with
it, and how it differs from the report of the same body and year that came before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.core.model import DataFault, Extraction
from pipeline.core.paths import Data
from pipeline.job.check import Statement, check
from pipeline.job.differences import Difference, compare_reports
from pipeline.job.owners import Owners
from pipeline.job.receipt import Receipt
from pipeline.raw.add import Place, list_registered
from pipeline.raw.file_state import sha256
from pipeline.raw.incoming import IncomingFile
from pipeline.read import decode, load_bytes, read
from pipeline.report import ProcessedReport, read_report, refuse_other_body
from pipeline.runtime.child_process import Guard, kept_child

NO_TABLES = "extract.no_table"
FIRST_LINES = 4
NOT_STATED = "?"  # the note of a question on which the document says nothing
TEXT_FORMAT = "text"
PlaceAndYear = tuple[Place, int]  # of a report: its body, part of the year, and report year
ASKED = ("add.body", "receive.unknown_body", "receive.new_body")  # the person may mean a body with a similar name
# The fault for each question about what tells a report from the others of its body; the first is asked.
PLACE = {"who.year": "add.year", "who.quarter": "add.quarter", "who.subject": "add.subject"}
# A heading ends with the kind of the document; the prose of a report names notices and plans too.
_NOTICE = re.compile(r"(?:通知|函|请示|批复|方案|须知|说明|回执)[》”）)：:。]?$")
_REPORT = re.compile(r"(?:年度报告|工作报告|年报)[》”）)]?$")


def receive(
    files: Sequence[IncomingFile],
    data: Data,
    statements: Mapping[Path, Statement] | None = None,
    year: int | None = None,
    taken: Mapping[PlaceAndYear, IncomingFile] | None = None,
) -> list[Receipt]:
    """Return a receipt per file, in their order. `year` is the report year that is being collected, if there is one.

    A person's `statements` on a file, by path, come before what it says itself. Of several reports of one body and year
    the first counts; the others are compared with it. `taken` are files that came earlier and are ready, too.
    """
    said = statements or {}
    readable = [file for file in files if file.fault is None]
    with kept_child() as reader:
        reports = dict(zip(readable, check([file.path for file in readable], data, said, reader), strict=True))
        for file, report in reports.items():
            report.source = report.source._replace(path=file.origin or str(file.path))
        counter = _Counter(data, said, year, reader, Owners(data), dict(taken or {}))
        return [counter.examine(file, reports.get(file)) for file in files]


@dataclass
class _Counter:
    """The counter at which files come in, one after the other; `taken` are the first ready ones per body and year."""

    data: Data
    statements: Mapping[Path, Statement]
    year: int | None
    reader: Guard
    owners: Owners
    taken: dict[PlaceAndYear, IncomingFile] = field(default_factory=dict)
    registered: dict[int, Mapping[Place, Mapping[str, str]]] = field(default_factory=dict)

    def examine(self, file: IncomingFile, report: ProcessedReport | None) -> Receipt:
        """Return the receipt of a file."""
        if file.fault or report is None:
            ignored = file.fault is not None and file.fault.code == "incoming.system"
            return Receipt(file, "ignored" if ignored else "returned", file.fault)
        receipt = Receipt(file, "ready", report=report, body=report.body)
        if report.fault or report.extraction is None:
            return self._without_report(replace(receipt, status="returned", reason=report.fault))
        receipt = self._test(receipt, report.extraction)
        if receipt.status == "ready" and receipt.body and receipt.year:
            self.taken[receipt.place(receipt.body), receipt.year] = file
        return receipt

    def _test(self, receipt: Receipt, extraction: Extraction) -> Receipt:
        """Return the receipt of a readable report after all tests, which stop at the first that it fails."""
        for test in (_test_content, self._test_owner, self._test_place, self._test_earlier):
            receipt = test(receipt, extraction)
            if receipt.status != "ready":
                break
        return receipt

    def _without_report(self, receipt: Receipt) -> Receipt:
        """Ignore a notice; tell a document without tables, the wrong attachment, from a damaged file."""
        if receipt.reason is None or receipt.reason.code != NO_TABLES:
            return receipt
        try:
            headings = [receipt.file.path.stem, *self.reader.call(read_headings, receipt.file.path)]
        except DataFault:
            return receipt
        if any(map(_NOTICE.search, headings)) and not any(map(_REPORT.search, headings)):
            return replace(receipt, status="ignored", reason=DataFault("receive.notice"))
        return replace(receipt, reason=DataFault("receive.no_report"))

    def _statement(self, receipt: Receipt) -> Statement:
        return self.statements.get(receipt.file.path, Statement())

    def _test_owner(self, receipt: Receipt, extraction: Extraction) -> Receipt:
        stated = self._statement(receipt).body
        try:
            receipt = replace(receipt, body=self.owners.find(extraction, receipt.year, stated))
        except DataFault as fault:
            name = extraction.body or receipt.file.path.stem
            suggestions = self.owners.suggest(name) if fault.code in ASKED else ()
            return replace(receipt, status="unknown", reason=fault, suggestions=suggestions)
        try:  # the next run would set the report aside for the same reason
            if receipt.report and stated:
                refuse_other_body(receipt.report, extraction, self.owners.register)
        except DataFault as fault:
            return replace(receipt, status="returned", reason=fault)
        return receipt

    def _test_place(self, receipt: Receipt, extraction: Extraction) -> Receipt:
        notes = {identity: [f.note for f in extraction.findings if f.identity == identity] for identity in PLACE}
        asked = "who.year" if receipt.year is None else next((name for name in PLACE if notes[name]), "")
        if asked:
            stated = " | ".join(note for note in notes[asked] if note != NOT_STATED)
            reason = DataFault(PLACE[asked] + ("" if stated else ".unstated"), candidates=stated)
            return replace(receipt, status="unknown", reason=reason)
        if self.year and receipt.year != self.year and not self._statement(receipt).year:
            reason = DataFault("receive.other_year", year=receipt.year, wanted=self.year)
            return replace(receipt, status="returned", reason=reason)
        return receipt

    def _test_earlier(self, receipt: Receipt, extraction: Extraction) -> Receipt:
        """Compare with the report of the body and year that came before, in this batch or earlier."""
        if receipt.body is None or receipt.year is None:
            return receipt
        place = receipt.place(receipt.body)
        if taken := self.taken.get((place, receipt.year)):
            return self._compare(replace(receipt, earlier=taken.name), taken.path, extraction)
        line = self._registered(receipt.year).get(place)
        if line is None:
            return receipt
        receipt, path = replace(receipt, earlier=line["path"], replaces=line["path"]), self.data.raw / line["path"]
        is_whole = path.is_file() and sha256(path) == line["sha256"]
        return self._compare(receipt, path, extraction) if is_whole else receipt

    def _registered(self, year: int) -> Mapping[Place, Mapping[str, str]]:
        """Return the manifest's lines of a year by place; a manifest may have 100,000 lines, so it is read once."""
        if year not in self.registered:
            self.registered[year] = list_registered(self.data, year, self.owners.register)
        return self.registered[year]

    def _compare(self, receipt: Receipt, path: Path, extraction: Extraction) -> Receipt:
        """Return the receipt of a report after the comparison with an earlier file."""
        if sha256(path) == sha256(receipt.file.path):
            return replace(receipt, status="duplicate", reason=DataFault("receive.same_file", path=receipt.earlier))
        differences = self._differences(path, extraction)
        if differences == ():
            reason = DataFault("receive.same_content", path=receipt.earlier)
            return replace(receipt, status="duplicate", reason=reason)
        count = "?" if differences is None else len(differences)
        reason = DataFault("receive.version", path=receipt.earlier, count=count)
        return replace(receipt, status="version", reason=reason, differences=differences or ())

    def _differences(self, path: Path, after: Extraction) -> tuple[Difference, ...] | None:
        """Return the cells that differ from an earlier file, None if that cannot be read."""
        try:
            return compare_reports(self.reader.call(read_report, path, self.data.raw, True), after)
        except DataFault:
            return None


def _test_content(receipt: Receipt, _extraction: Extraction) -> Receipt:
    """Return or ignore a report without numbers, a blank form."""
    if receipt.report is None or receipt.report.status != "blank":
        return receipt
    code = "receive.template" if receipt.body is None else "receive.blank"
    return replace(receipt, status="ignored" if receipt.body is None else "returned", reason=DataFault(code))


def read_headings(path: Path) -> list[str]:
    """Return the title and the first lines of a document, which say what it is. Raises DataFault."""
    document = read(path)
    paragraphs = "\n".join(paragraph.text for paragraph in document.paragraphs[:FIRST_LINES])
    # In plain text a heading and the next line may be one paragraph.
    text = decode(load_bytes(path)).strip() if document.format == TEXT_FORMAT else paragraphs
    return [line.strip() for line in (document.title, *text.split("\n")[:FIRST_LINES])]
