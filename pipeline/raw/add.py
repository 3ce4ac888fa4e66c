"""Add reports to `data/raw`, and remove them: the file and its line in the manifest.

A report is identified by its body and year, and for other kinds than the annual report by kind, quarter and subject,
never by its path: another report with the same ones takes its place, whatever the formats of the two files. The earlier
one is kept in `data/replaced`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from pipeline.core.file_names import portable_name
from pipeline.core.files import write_atomically
from pipeline.core.kind import report_part
from pipeline.core.model import ANNUAL_REPORT, NOT_COLLECTED, DataFault, WebOrigin
from pipeline.core.paths import Data
from pipeline.raw.file_state import sha256
from pipeline.raw.manifest import MANIFEST_COLUMNS, is_kept, is_plain_path, keep_replaced, read_lines, update_manifest
from pipeline.registry.bodies import Body, Register
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body

LOCK_SECONDS = 60
Place = tuple[str, str]  # of a report in its year: body id, and part of the year as `report_part` writes it


@dataclass(frozen=True)
class NewReport:
    """A report to add, and the path of the registered report that it replaces, '' for the first one."""

    file: Path
    body: Body
    year: int
    source: str
    provenance: str = "published"
    replaces: str = ""
    web: WebOrigin = NOT_COLLECTED
    kind: str = ANNUAL_REPORT
    quarter: int = 0
    subject: str = ""

    @property
    def place(self) -> Place:
        """The body and part of the year, which identify the report among those of its year."""
        return self.body.body_id, report_part(self.kind, self.quarter, self.subject)

    @property
    def stem(self) -> str:
        """The name of its file without the suffix."""
        return "-".join(portable_name(part) for part in self.place if part)


def list_registered(data: Data, year: int, register: Register | None = None) -> dict[Place, Mapping[str, str]]:
    """Return the manifest's line of each report on a year, by body id and part of the year ('' for annual reports)."""
    register = register or load_register(data.raw)
    lines = read_lines(data.manifest) if data.manifest.is_file() else []
    found: dict[Place, Mapping[str, str]] = {}
    for line in lines:
        if line["year"] == str(year) and is_plain_path(line["path"]):
            body = find_body(register, line["body"], line["region_code"])
            if body:
                part = report_part(line["kind"] or ANNUAL_REPORT, int(line["quarter"] or 0), line["subject"])
                found.setdefault((body.body_id, part), line)
    return found


def find_registered(data: Data, body: Body, year: int, part: str = "") -> Mapping[str, str]:
    """Return the manifest's line of the report of a body, year and part of it, an empty one if there is none."""
    return list_registered(data, year).get((body.body_id, part), {})


def add_report(data: Data, new: NewReport) -> str:
    """Add one report, as `add_reports` does; return its path. Raises DataFault (`add.changed`)."""
    (outcome,) = add_reports(data, [new])
    if isinstance(outcome, DataFault):
        raise outcome
    return outcome


def add_reports(data: Data, reports: Sequence[NewReport]) -> list[str | DataFault]:
    """Copy reports to `data/raw`, write their lines, and move the reports that they replace aside. Return their paths.

    A report has a DataFault (`add.changed`) instead if another one was registered since its `replaces` was looked up.
    A kill between these steps loses nothing: the next call for the body and year completes them.
    """
    with _changing(data):
        registered = {year: dict(list_registered(data, year)) for year in sorted({new.year for new in reports})}
        outcomes: list[str | DataFault] = []
        lines: dict[str, Mapping[str, str]] = {}
        for new in reports:
            path = registered[new.year].get(new.place, {}).get("path", "")
            if path != new.replaces:
                outcomes.append(DataFault("add.changed", body=new.body.name, year=new.year))
                continue
            _keep_other(data, path, new)
            report_id = _copy(data, new)
            lines[report_id] = registered[new.year][new.place] = _line(data, new, report_id)
            outcomes.append(report_id)
        done = [(new, path) for new, path in zip(reports, outcomes, strict=True) if isinstance(path, str)]
        update_manifest(data.manifest, lines.values(), {new.replaces for new, _ in done} - {""})
        _drop_other_files(data, done)
    return outcomes


def update_web_origins(data: Data, origins: Mapping[str, WebOrigin]) -> None:
    """Write where reports were collected, by their path; the rest of their lines stays."""
    with _changing(data):
        lines = {line["path"]: line for line in read_lines(data.manifest)}
        changed = [{**lines[path], **origin._asdict()} for path, origin in origins.items() if path in lines]
        update_manifest(data.manifest, changed)


def remove_report(data: Data, body: Body, year: int, part: str = "") -> str:
    """Move the report of a body, year and part of it to `data/replaced` and drop its line; return its path.

    Raises DataFault if it is not registered: `remove.other` with the parts of the year that are, or `remove.none`.
    """
    with _changing(data):
        report_id = find_registered(data, body, year, part if part != ANNUAL_REPORT else "").get("path", "")
        if not report_id:
            raise _not_registered(data, body, year)
        is_there = (data.raw / report_id).is_file()
        if is_there:
            keep_replaced(data, report_id)
        update_manifest(data.manifest, [], {report_id})
        if is_there:
            (data.raw / report_id).unlink()
    return report_id


def _not_registered(data: Data, body: Body, year: int) -> DataFault:
    """Return the fault about a report that is not registered."""
    parts = sorted(part or ANNUAL_REPORT for owner, part in list_registered(data, year) if owner == body.body_id)
    others = [part for part in parts if part != ANNUAL_REPORT]
    if not others:
        return DataFault("remove.none", body=body.name, year=year)
    return DataFault("remove.other", body=body.name, year=year, parts="、".join(parts), first=others[0])


@contextmanager
def _changing(data: Data) -> Iterator[None]:
    """Let only one process at a time change which reports are registered."""
    with FileLock(data.root / ".add.lock", timeout=LOCK_SECONDS):
        yield


def _copy(data: Data, new: NewReport) -> str:
    """Copy the file to its place, unless it is below `data/raw` already; return its path below that."""
    if new.file.resolve().is_relative_to(data.raw.resolve()):
        return new.file.resolve().relative_to(data.raw.resolve()).as_posix()
    suffix = new.file.suffix.lower()  # for people; the readers look at the bytes
    report_id = f"{new.year}/{new.stem}{suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ''}"
    target = data.raw / report_id
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, new.file.read_bytes())
    return report_id


def _line(data: Data, new: NewReport, report_id: str) -> Mapping[str, str]:
    body, digest = new.body, sha256(data.raw / report_id)
    facts = (report_id, body.name, body.region_code, body.level, str(new.year), new.provenance, new.source, digest)
    line = dict(zip(MANIFEST_COLUMNS, facts, strict=True)) | new.web._asdict()
    if new.kind != ANNUAL_REPORT:
        line |= {"kind": new.kind, "quarter": str(new.quarter or ""), "subject": new.subject}
    return line


def _keep_other(data: Data, path: str, new: NewReport) -> None:
    """Keep a copy of the registered report at a path, unless the new one has the same bytes."""
    before = data.raw / path
    if path and before.is_file() and sha256(before) != sha256(new.file):
        keep_replaced(data, path)


def _drop_other_files(data: Data, added: Sequence[tuple[NewReport, str]]) -> None:
    """Remove the files that reports with these paths replaced."""
    listed = {line["path"] for line in read_lines(data.manifest)}
    for new, report_id in added:
        for path in _other_files(data, new, report_id, listed):
            (data.raw / path).unlink()


def _other_files(data: Data, new: NewReport, report_id: str, listed: Collection[str]) -> list[str]:
    """Return the files of the body and year that a replacement left behind, now or before a kill.

    Each has a copy in `data/replaced`. A file that somebody put there by hand has none, and stays.
    """
    folder = data.raw / str(new.year)
    names = {f"{new.year}/{p.name}" for p in folder.glob(f"{new.body.body_id}*") if p.stem == new.stem}
    candidates = (names | ({new.replaces} - {""})) - set(listed) - {report_id}
    return sorted(path for path in candidates if (data.raw / path).is_file() and is_kept(data, path))
