"""The scope of a report of a kind: what its numbers count for."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.core.kind import Kind

Period = tuple[int | None, int]  # year and quarter; None and 0 are unknown


class Scope(NamedTuple):
    """The kind, the period and the body of a report; None for an unknown body."""

    kind: Kind
    period: Period = (None, 0)
    body: str | None = None
