"""The reports that are missing among received files: due, not received, and not registered either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.core.kind import Kind, report_part
from pipeline.core.paths import Data
from pipeline.job.receipt import Receipt
from pipeline.raw.add import list_registered
from pipeline.registry.bodies import Body
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies


def find_collector(data: Data, receipts: Sequence[Receipt]) -> tuple[Body, int] | None:
    """Return the body that most of the received annual reports are compiled by, and the year of most, or None."""
    annual = [receipt for receipt in receipts if not receipt.part]
    bodies = [r.body for r in annual if r.body and r.year]
    years = [r.year for r in annual if r.body and r.year]
    register = add_reporting_bodies(load_register(data.raw), bodies)
    parents = Counter(body.parent for body in bodies if body.parent in register.bodies)
    if not parents:
        return None
    (parent, _), (year, _) = parents.most_common(1)[0], Counter(years).most_common(1)[0]
    return register.bodies[parent], year or 0


def list_missing(data: Data, receipts: Sequence[Receipt], collector: Body, year: int) -> list[Body]:
    """Return the members of the collecting body that are due, without an annual report in files or `data/raw`."""
    register = add_reporting_bodies(load_register(data.raw), [collector, *(r.body for r in receipts if r.body)])
    of_year = [r for r in receipts if r.year == year and not r.part and r.status != "returned"]
    received = {r.body.body_id for r in of_year if r.body}
    due = [b for b in register.bodies.values() if b.parent == collector.body_id and b.is_due(year)]
    received |= {body for body, part in list_registered(data, year, register) if not part}
    missing = [body for body in due if body.body_id not in received]
    return sorted(missing, key=lambda body: body.order)


def list_missing_quarters(data: Data, receipts: Sequence[Receipt]) -> list[dict[str, object]]:
    """Return the quarters without a report of a kind that a body owes, as `report_name` takes them.

    A quarter is missing once a report on a later one is among the files.
    """
    register = load_register(data.raw)
    given: dict[tuple[str, int, str], set[int]] = {}
    names: dict[str, str] = {}
    for receipt in receipts:
        read, body, year = receipt.extraction, receipt.body, receipt.year
        if read and body and year and _owes_quarters(register.kinds.get(read.kind), body, year):
            given.setdefault((body.body_id, year, read.kind), set()).add(read.quarter)
            names[body.body_id] = body.name
    return [
        {"body": names[body], "year": year, "kind": kind, "quarter": quarter, "subject": ""}
        for (body, year, kind), quarters in sorted(given.items())
        for quarter in range(1, max(quarters))
        if quarter not in quarters
        and (body, report_part(kind, quarter, "")) not in list_registered(data, year, register)
    ]


def _owes_quarters(kind: Kind | None, body: Body, year: int) -> bool:
    if kind is None or kind.owed is None or not kind.has_quarters:
        return False
    return body.level in kind.owed.levels and year >= (kind.owed.first_year or year)
