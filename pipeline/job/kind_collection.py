"""The collection of other kinds of report: which of them the members of a body gave and owe, and how far each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.core.kind import Kind, report_part, split_report_part
from pipeline.core.paths import Data
from pipeline.job.collection import Member, member_of
from pipeline.raw.add import list_registered
from pipeline.raw.returns import read_returns
from pipeline.registry.bodies import Body, Register
from pipeline.storage.database import Row, ask, connect
from pipeline.storage.snapshot import published

Period = tuple[str, str, int]  # of a report: body id, code of the kind, and quarter, 0 for a whole year
Key = tuple[str, str]  # of a report in its year: body id, and part of the year
MONTHS_PER_QUARTER = 3


@dataclass(frozen=True)
class KindMember:
    """A report of another kind that a member gave or owes: of a period, and of a `subject` if a body has several."""

    member: Member
    kind: Kind
    year: int
    quarter: int
    subject: str

    @property
    def last_day(self) -> date:
        """The last day of the period that the report is on."""
        month = self.quarter * MONTHS_PER_QUARTER or 12
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    @property
    def facts(self) -> Mapping[str, object]:
        """The report as `core.report_names` takes it."""
        own = {"body": self.member.body.name, "year": self.year, "kind": self.kind.code}
        return own | {"quarter": self.quarter, "subject": self.subject}


def bodies_of(register: Register, parent: str) -> list[Body]:
    """Return the members of a body in the order of the register, the body itself last."""
    members = [body for body in register.bodies.values() if body.parent == parent]
    return [*sorted(members, key=lambda body: body.order), register.bodies[parent]]


def list_kind_members(data: Data, register: Register, parent: str, year: int, lang: str) -> list[KindMember]:
    """Return the reports of other kinds on a year that the members of a body gave or owe, by kind and body.

    The published table `kind_due` says who owes one. A report that was registered since the last run is there, too.
    """
    bodies, kinds = {body.body_id: body for body in bodies_of(register, parent)}, register.kinds
    lines = {key: line for key, line in list_registered(data, year, register).items() if key[1] and key[0] in bodies}
    rows, returned = _published(data, list(bodies), year), _open_returns(data, year, lines)
    snapshot = {row["report_id"]: row for row in rows if row["report_id"]}
    found = []
    for key in _keys(rows, lines, kinds, bodies):
        code, quarter, subject = split_report_part(key[1])
        reasons = {key[0]: returned[key]} if key in returned else {}
        member = member_of(bodies[key[0]], lines.get(key), reasons, snapshot, lang)
        found.append(KindMember(member, kinds[code], year, quarter, subject))
    places = {code: place for place, code in enumerate([*kinds, *bodies])}
    return sorted(found, key=lambda m: (places[m.kind.code], places[m.member.body.body_id], m.quarter, m.subject))


def overdue_reports(members: Sequence[KindMember], today: date) -> list[KindMember]:
    """Return the reports that are still to come, on periods that have ended."""
    return [m for m in members if m.member.status in ("due", "returned") and m.last_day < today]


def _keys(
    rows: Sequence[Row], lines: Mapping[Key, object], kinds: Mapping[str, Kind], bodies: Mapping[str, Body]
) -> list[Key]:
    """Return the reports that are registered, and those that are owed in periods without a registered one."""
    given = {(body_id, *split_report_part(part)[:2]) for body_id, part in lines}
    periods: list[Period] = [(row["body_id"], row["kind"], row["quarter"]) for row in rows]
    owed = [
        (body_id, report_part(code, quarter, ""))
        for body_id, code, quarter in dict.fromkeys(periods)
        if (body_id, code, quarter) not in given and code in kinds and _owes(bodies[body_id], kinds[code])
    ]
    return [*(key for key in lines if split_report_part(key[1])[0] in kinds), *owed]


def _owes(body: Body, kind: Kind) -> bool:
    return kind.owed is not None and body.level in kind.owed.levels


def _open_returns(data: Data, year: int, lines: Mapping[Key, Mapping[str, str]]) -> dict[Key, str]:
    """Return the reasons of returns that no other file has answered yet."""
    returned = {(r.body_id, r.part): r for r in read_returns(data) if r.year == str(year) and r.part}
    return {k: r.reason for k, r in returned.items() if k not in lines or lines[k]["sha256"] == r.sha256}


def _published(data: Data, bodies: Sequence[str], year: int) -> list[Row]:
    if published(data) is None:
        return []
    with connect(data) as connection:
        return ask(connection, "desk_kind_reports", {"bodies": list(bodies), "year": year})
