"""The bodies whose reports are missing among received files: due, not received, and not registered either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.core.paths import Data
from pipeline.job.receipt import Receipt
from pipeline.raw.add import list_registered
from pipeline.registry.bodies import Body
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies


def find_collector(data: Data, receipts: Sequence[Receipt]) -> tuple[Body, int] | None:
    """Return the body that most of the received reports are compiled by, and the year of most; None without any."""
    bodies = [r.body for r in receipts if r.body and r.year]
    years = [r.year for r in receipts if r.body and r.year]
    register = add_reporting_bodies(load_register(data.raw), bodies)
    parents = Counter(body.parent for body in bodies if body.parent in register.bodies)
    if not parents:
        return None
    (parent, _), (year, _) = parents.most_common(1)[0], Counter(years).most_common(1)[0]
    return register.bodies[parent], year or 0


def list_missing(data: Data, receipts: Sequence[Receipt], collector: Body, year: int) -> list[Body]:
    """Return the members of the collecting body that are due, without a report among the files and in `data/raw`."""
    register = add_reporting_bodies(load_register(data.raw), [collector, *(r.body for r in receipts if r.body)])
    received = {r.body.body_id for r in receipts if r.body and r.year == year and r.status != "returned"}
    due = [b for b in register.bodies.values() if b.parent == collector.body_id and b.is_due(year)]
    received |= {body for body, part in list_registered(data, year, register) if not part}
    missing = [body for body in due if body.body_id not in received]
    return sorted(missing, key=lambda body: body.order)
