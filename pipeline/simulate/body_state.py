"""Keep the state that a simulated body carries from year to year, and pass it on to successors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TypeVar

from pipeline.simulate.members import LEVEL_WEIGHTS
from pipeline.simulate.random_integers import draw

T = TypeVar("T", int, int | Decimal)

SERVICE_ROWS = ("licensing", "other_services", "penalties", "compulsion", "fees")


@dataclass
class BodyState:
    """The state that a body carries from one year to the next.

    `weight` is its size, and `items` is the number of items it disclosed. `open` are its open applications by applicant
    kind, `documents` its normative documents in force, and `services` its items by row of SERVICE_ROWS.
    """

    weight: int
    items: int
    open: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    services: dict[str, int] = field(default_factory=dict)


def start_body(level: str, size_factor: int, rng: Random) -> BodyState:
    """Return the state of a new body; within one level some bodies are 32 times as large as others."""
    weight = max(2, LEVEL_WEIGHTS[level] * size_factor * (1 << draw(5, rng)) // 32)
    items = weight * (3 + draw(20, rng))
    return BodyState(weight, items, {}, draw(weight, rng), {r: draw(weight, rng) for r in SERVICE_ROWS})


def merge_states(states: Iterable[BodyState]) -> BodyState:
    """Return the state of a body that succeeds several bodies."""
    merged = BodyState(0, 0)
    for s in states:
        merged = BodyState(
            merged.weight + s.weight,
            merged.items + s.items,
            sum_by_key([merged.open, s.open]),
            merged.documents + s.documents,
            sum_by_key([merged.services, s.services]),
        )
    return merged


def split_state(state: BodyState) -> BodyState:
    """Return the state of a new body that takes half of the work of another; halve the weight of `state`.

    Open applications, documents and items stay with the old body.
    """
    state.weight = max(2, state.weight // 2)
    return BodyState(state.weight, state.items // 2, {}, 0, dict.fromkeys(SERVICE_ROWS, 0))


def sum_by_key(mappings: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """Return the sum of each key over several mappings; a missing key counts as 0."""
    sums: dict[str, T] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            sums[key] = sums[key] + value if key in sums else value
    return sums
