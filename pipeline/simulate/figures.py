"""A simulated body's figures of a year, on the form of that year: every identity holds, within it and to the year
before. Few bodies are large, most small; a small one has zeros in nearly all cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TypeVar

from pipeline.core.form import Form, Table
from pipeline.simulate.chance import allot, apportion, draw, vary
from pipeline.simulate.members import WEIGHTS
from pipeline.simulate.split import NOT_OUTCOMES
from pipeline.simulate.statistics import statistics

Value = int | Decimal
Cells = dict[str, Value]
T = TypeVar("T", int, Value)

APPLICANTS = {"natural_person": 88, "business": 7, "research": 1, "public_welfare": 1, "legal_service": 2}
OUTCOMES = {
    "granted": 46,
    "partly_granted": 7,
    "refused.law_forbids": 2,
    "refused.third_party": 1,
    "refused.internal_affairs": 2,
    "refused.process_info": 3,
    "refused.enforcement_files": 3,
    "refused.administrative_query": 2,
    "unable.not_held": 22,
    "unable.needs_creation": 3,
    "unable.unclear_after_correction": 1,
    "not_processed.petition": 4,
    "not_processed.repeat": 2,
}
ITEMS = ("licensing", "other_services", "penalties", "compulsion", "fees")
LEFT_OPEN = 4  # percent of the applications are carried out
ONE_BY_ONE = 40  # more cases are shared out by weight


@dataclass
class State:
    """What a body brings from the year before: its size, the items it disclosed, its open applications by applicant,
    its documents in force, and its items by kind.
    """

    weight: int
    items: int
    open: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    services: dict[str, int] = field(default_factory=dict)


def begin(level: str, factor: int, rng: Random) -> State:
    """A body at its start; of one level some are 32 times as large as others."""
    weight = max(2, WEIGHTS[level] * factor * (1 << draw(5, rng)) // 32)
    return State(weight, weight * (3 + draw(20, rng)), {}, draw(weight, rng), {r: draw(weight, rng) for r in ITEMS})


def united(states: Iterable[State]) -> State:
    """What several bodies bring into their successor."""
    whole = State(0, 0)
    for s in states:
        whole = State(
            whole.weight + s.weight,
            whole.items + s.items,
            summed([whole.open, s.open]),
            whole.documents + s.documents,
            summed([whole.services, s.services]),
        )
    return whole


def parted(state: State) -> State:
    """A new body that takes half of the work, and nothing of what was there before."""
    state.weight = max(2, state.weight // 2)
    return State(state.weight, state.items // 2, {}, 0, dict.fromkeys(ITEMS, 0))


def summed(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    """The sum of each key."""
    found: dict[str, T] = {}
    for part in parts:
        for key, value in part.items():
            found[key] = found[key] + value if key in found else value
    return found


def year_of(form: Form, state: State, last_on_form: bool, rng: Random) -> tuple[Cells, dict[str, int]]:
    """The cells of a year and the figures that only the prose gives; `state` becomes that of the year's end."""
    state.items = state.items * (85 + draw(50, rng)) // 100
    if form.code == "2014":
        return _statistics(form, state, last_on_form, rng), {}
    sessions = draw(max(1, state.weight // 20), rng)
    prose = {"disclosed.items": state.items, "trainings": sessions, "trained": sessions * (15 + draw(60, rng))}
    tables = form.tables
    cells = _proactive(tables["proactive"], state, rng) | _applications(tables["applications"], state, rng)
    return cells | _review(tables["review_litigation"], state, rng), prose


def money(most: int, rng: Random) -> Decimal:
    """An amount in 万元, often none, to two decimals."""
    return Decimal(draw(most * 100, rng)).scaleb(-2) if draw(2, rng) == 0 else Decimal(0)


def _statistics(form: Form, state: State, last_on_form: bool, rng: Random) -> Cells:
    left = draw(state.weight // 30, rng) if last_on_form else 0
    state.open = dict(zip(APPLICANTS, _share(left, list(APPLICANTS.values()), rng), strict=True))
    cells: Cells = dict(statistics(form, state.items, left, state.weight, rng))
    return cells | {"statistics/budget/value": money(state.weight // 10, rng)}


def _share(count: int, weights: Sequence[int], rng: Random) -> list[int]:
    if count <= ONE_BY_ONE:
        return allot(count, weights, rng)
    return apportion(count, vary(weights, 30, rng))


def _proactive(table: Table, state: State, rng: Random) -> Cells:
    cells: Cells = {f"proactive/{row}/{column}": 0 for row, column in table.cells}
    issued = draw(state.weight // 12, rng)
    repealed = draw(min(state.documents, issued), rng)
    state.documents += issued - repealed
    row = "proactive/normative_documents"
    told = {"issued": issued, "disclosed": issued, "total_disclosed": state.documents}
    told |= {"repealed": repealed, "in_force": state.documents}
    cells |= {f"{row}/{c}": told[c] for c in table.block_of("normative_documents").columns}
    for kind in (r for r in ITEMS if r in table.rows):
        cells |= {a: v for a, v in _items(kind, state, rng).items() if a in cells}
    if "procurement" in table.rows:
        cells |= {"proactive/procurement/projects": draw(state.weight // 8, rng)}
        cells |= {"proactive/procurement/amount": money(state.weight * 20, rng)}
    return cells


def _items(kind: str, state: State, rng: Random) -> Cells:
    prior = state.services[kind]
    change = draw(4, rng) - min(2, prior) if draw(3, rng) == 0 else 0
    state.services[kind] = prior + change
    return {
        f"proactive/{kind}/items_prior": prior,
        f"proactive/{kind}/items_change": change,
        f"proactive/{kind}/decisions": draw(state.weight * 8, rng) if draw(1, rng) else 0,
        f"proactive/{kind}/amount": money(state.weight * 2, rng),
    }


def _applications(table: Table, state: State, rng: Random) -> Cells:
    *kinds, total = table.columns
    new = dict(zip(APPLICANTS, _share(draw(state.weight // 2, rng), list(APPLICANTS.values()), rng), strict=True))
    outcomes = [row for row in table.rows if row not in NOT_OUTCOMES]
    weights = [OUTCOMES.get(row, 0) for row in outcomes]
    cells: Cells = {f"applications/{row}/{column}": 0 for row, column in table.cells}
    left: dict[str, int] = {}
    for column in kinds:
        carried = state.open.get(column, 0)
        room = new.get(column, 0) + carried
        left[column] = _share(room, [LEFT_OPEN, 100 - LEFT_OPEN], rng)[0] if room else 0
        ways = zip(outcomes, _share(room - left[column], weights, rng), strict=True) if room else ()
        told = {"new": room - carried, "carried_in": carried, "handled": room - left[column]}
        told |= {"carried_out": left[column], **dict(ways)}
        cells |= {f"applications/{row}/{column}": count for row, count in told.items()}
    state.open = left
    return _with_totals(table, cells, kinds, total)


def _review(table: Table, state: State, rng: Random) -> Cells:
    *results, total = table.columns
    cells: Cells = {f"review_litigation/{row}/{column}": 0 for row, column in table.cells}
    for row in table.rows:
        counts = _share(draw(state.weight // 40, rng), [60, 10, 15, 15], rng)
        cells |= {f"review_litigation/{row}/{c}": n for c, n in zip(results, counts, strict=True)}
    return _with_totals(table, cells, results, total)


def _with_totals(table: Table, cells: Cells, parts: Sequence[str], total: str) -> Cells:
    return cells | {f"{table.code}/{r}/{total}": sum(cells[f"{table.code}/{r}/{p}"] for p in parts) for r in table.rows}
