"""The collection of a year's reports: which bodies collect, who is due, and how far each member is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.core.paths import Data
from pipeline.raw.add import list_registered
from pipeline.raw.manifest import read_lines
from pipeline.raw.returns import read_returns
from pipeline.registry.bodies import Body, Register
from pipeline.registry.load import load_register, office_bodies
from pipeline.registry.lookup import add_reporting_bodies, find_body
from pipeline.storage.database import Row, ask, connect
from pipeline.storage.snapshot import published

# `due`: no report; `returned`: sent back, and not corrected yet; `received`: registered since the last run;
# `unusable`: quarantined or blank; `errors`: published with open errors; `clean`: published without.
MemberStatus = Literal["due", "returned", "received", "unusable", "errors", "clean"]
MONTH_OF_DEADLINE = {"government": (3, 31), "body": (1, 31)}  # Regulation of 2019, articles 49 and 50
GOVERNMENTS = ("nation", "province", "city", "county", "township")


@dataclass(frozen=True)
class Member:
    """A member of a collecting body, and its report of the year: path, and open errors and warnings once published."""

    body: Body
    status: MemberStatus
    report_id: str = ""
    errors: int = 0
    warnings: int = 0
    reason: str = ""
    is_simulated: bool = False

    @property
    def deadline(self) -> tuple[int, int]:
        """The month and day of the year after the report year by which the report is due."""
        return MONTH_OF_DEADLINE["government" if self.body.level in GOVERNMENTS else "body"]


def reporting_register(data: Data) -> Register:
    """Return the register of the bodies that reported or that the office registered, with those above and below."""
    register = load_register(data.raw)
    reporting = _reporting_bodies(data, register)
    return add_reporting_bodies(register, [*office_bodies(data.raw).values(), *reporting])


def _reporting_bodies(data: Data, register: Register) -> list[Body]:
    """Return the bodies that the manifest names, in order of name."""
    lines = read_lines(data.manifest) if data.manifest.is_file() else []
    named = sorted({(line["body"], line["region_code"]) for line in lines})
    return [body for name, code in named if (body := find_body(register, name, code))]


def collecting_bodies(data: Data, register: Register) -> list[Body]:
    """Return the bodies that collect reports, the one with most members first; provinces and the nation come last.

    They are the parents of the bodies that the office registered, as far as it registered these too; without an office,
    the parents of the bodies that reported.
    """
    office = office_bodies(data.raw).keys()
    reported = {body.body_id for body in _reporting_bodies(data, register)}
    counts: dict[str, int] = {}
    for key in reported | office:
        body = register.bodies.get(key)
        if body and body.parent in (office or register.bodies):
            counts[body.parent] = counts.get(body.parent, 0) + 1
    found = [register.bodies[key] for key in counts]
    return sorted(found, key=lambda b: (b.level in ("nation", "province"), -counts[b.body_id], b.body_id))


def list_members(data: Data, register: Register, parent: str, year: int) -> list[Member]:
    """Return the members that have to report on a year, the body itself last, with how far each is."""
    bodies = [b for b in register.bodies.values() if b.parent == parent and b.is_due(year)]
    bodies = [*sorted(bodies, key=lambda b: b.order), register.bodies[parent]]
    registered = {body: line for (body, part), line in list_registered(data, year, register).items() if not part}
    returned = {r.body_id: r for r in read_returns(data) if r.year == str(year) and not r.part}
    snapshot = _published(data, year)
    digests = {line["sha256"] for line in registered.values()}
    open_returns = {key: r.reason for key, r in returned.items() if key not in registered or r.sha256 in digests}
    return [member_of(body, registered.get(body.body_id), open_returns, snapshot) for body in bodies]


def member_of(
    body: Body,
    line: Mapping[str, str] | None,
    returned: Mapping[str, str],
    snapshot: Mapping[str, Row],
    lang: str = "zh",
) -> Member:
    """Return how far the report of a body is: `line` is that of the manifest, None without a report.

    `returned` has the reasons of open returns by body, `snapshot` the rows of published reports by path. The reason why
    a report is set aside is in `lang`.
    """
    if line is None:
        is_returned = body.body_id in returned
        return Member(body, "returned" if is_returned else "due", reason=returned.get(body.body_id, ""))
    row = snapshot.get(line["path"])
    if row is None or row["sha256"] != line["sha256"]:
        return Member(body, "received", line["path"])
    counts = (line["path"], row["errors"], row["warnings"])
    is_simulated = row["provenance"] == "simulated"
    if body.body_id in returned or row["returned"]:
        return Member(body, "returned", *counts, returned.get(body.body_id, ""), is_simulated)
    if row["status"] != "loaded":
        return Member(body, "unusable", *counts, row[f"reason_{lang}"] or "", is_simulated)
    return Member(body, "errors" if row["errors"] else "clean", *counts, is_simulated=is_simulated)


def _published(data: Data, year: int) -> dict[str, Row]:
    """Return the published reports of a year by path below `data/raw`, with their open errors and warnings."""
    if published(data) is None:
        return {}
    with connect(data) as connection:
        return {row["report_id"]: row for row in ask(connection, "desk_reports", {"year": year})}


def overdue(members: Collection[Member]) -> list[Member]:
    """Return the members whose report is still to come: due, or sent back."""
    return [member for member in members if member.status in ("due", "returned")]
