"""Simulate the cells and prose figures of one body and year, on the form of that year.

Every identity holds, within the year and with the previous year. Few bodies are large and most are small; a small body
has zeros in nearly all cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from pipeline.core.form import Form, Table
from pipeline.simulate.body_state import SERVICE_ROWS, BodyState
from pipeline.simulate.random_integers import allot_cases, apportion, draw, vary_weights
from pipeline.simulate.split import NOT_OUTCOMES
from pipeline.simulate.statistics_form import simulate_statistics

Value = int | Decimal
Cells = dict[str, Value]

APPLICANT_WEIGHTS = {"natural_person": 88, "business": 7, "research": 1, "public_welfare": 1, "legal_service": 2}
OUTCOME_WEIGHTS = {
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
RESULT_WEIGHTS = [60, 10, 15, 15]  # of reviews and litigation: upheld, corrected, other, pending
CARRIED_OUT_PERCENT = 4
# Up to this many cases are drawn one by one; more cases are apportioned, which is faster.
MAX_DRAWN_CASES = 40


def simulate_body_year(
    form: Form, state: BodyState, is_last_on_form: bool, rng: Random
) -> tuple[Cells, dict[str, int]]:
    """Return the cells of a year by address, and the figures that only the prose gives by row.

    `state` is that of the previous year's end and becomes that of this year's end. `is_last_on_form` says that the next
    year is on another form.
    """
    state.items = state.items * (85 + draw(50, rng)) // 100
    if form.has_table("statistics"):
        return _simulate_statistics_cells(form, state, is_last_on_form, rng), {}
    sessions = draw(max(1, state.weight // 20), rng)
    prose = {"disclosed.items": state.items, "trainings": sessions, "trained": sessions * (15 + draw(60, rng))}
    tables = form.tables
    cells = _proactive_cells(tables["proactive"], state, rng) | _application_cells(tables["applications"], state, rng)
    return cells | _review_cells(tables["review_litigation"], state, rng), prose


def draw_amount(maximum: int, rng: Random) -> Decimal:
    """Draw an amount in 万元 with two decimals, 0 in two of three draws."""
    return Decimal(draw(maximum * 100, rng)).scaleb(-2) if draw(2, rng) == 0 else Decimal(0)


def _simulate_statistics_cells(form: Form, state: BodyState, is_last_on_form: bool, rng: Random) -> Cells:
    """Return the cells of a statistics form; only its last year carries applications over, by applicant kind."""
    carried_over = draw(state.weight // 30, rng) if is_last_on_form else 0
    state.open = dict(zip(APPLICANT_WEIGHTS, _divide(carried_over, list(APPLICANT_WEIGHTS.values()), rng), strict=True))
    cells: Cells = dict(simulate_statistics(form, state.items, carried_over, state.weight, rng))
    return cells | {"statistics/budget/value": draw_amount(state.weight // 10, rng)}


def _divide(count: int, weights: Sequence[int], rng: Random) -> list[int]:
    """Divide cases by weight, with random variation."""
    if count <= MAX_DRAWN_CASES:
        return allot_cases(count, weights, rng)
    return apportion(count, vary_weights(weights, 30, rng))


def _proactive_cells(table: Table, state: BodyState, rng: Random) -> Cells:
    """Return the table of proactive disclosure; updates documents and items of `state`."""
    cells: Cells = {f"proactive/{row}/{column}": 0 for row, column in table.cells}
    issued = draw(state.weight // 12, rng)
    repealed = draw(min(state.documents, issued), rng)
    state.documents += issued - repealed
    row = "proactive/normative_documents"
    values = {"issued": issued, "disclosed": issued, "total_disclosed": state.documents}
    values |= {"repealed": repealed, "in_force": state.documents}
    cells |= {f"{row}/{c}": values[c] for c in table.block_of("normative_documents").columns}
    for service_row in (r for r in SERVICE_ROWS if r in table.rows):
        cells |= {a: v for a, v in _service_cells(service_row, state, rng).items() if a in cells}
    if "procurement" in table.rows:
        cells |= {"proactive/procurement/projects": draw(state.weight // 8, rng)}
        cells |= {"proactive/procurement/amount": draw_amount(state.weight * 20, rng)}
    return cells


def _service_cells(row: str, state: BodyState, rng: Random) -> Cells:
    """Return all cells that a service row can have on any form; updates the items of `state`."""
    prior = state.services[row]
    change = draw(4, rng) - min(2, prior) if draw(3, rng) == 0 else 0
    state.services[row] = prior + change
    return {
        f"proactive/{row}/items_prior": prior,
        f"proactive/{row}/items_change": change,
        f"proactive/{row}/decisions": draw(state.weight * 8, rng) if draw(1, rng) else 0,
        f"proactive/{row}/amount": draw_amount(state.weight * 2, rng),
    }


def _application_cells(table: Table, state: BodyState, rng: Random) -> Cells:
    """Return the table of applications; the open applications of `state` are carried in, the new ones replace them."""
    *applicants, total = table.columns
    weights = list(APPLICANT_WEIGHTS.values())
    new = dict(zip(APPLICANT_WEIGHTS, _divide(draw(state.weight // 2, rng), weights, rng), strict=True))
    outcomes = [row for row in table.rows if row not in NOT_OUTCOMES]
    outcome_weights = [OUTCOME_WEIGHTS.get(row, 0) for row in outcomes]
    cells: Cells = {f"applications/{row}/{column}": 0 for row, column in table.cells}
    carried_out: dict[str, int] = {}
    for column in applicants:
        carried_in = state.open.get(column, 0)
        count = new.get(column, 0) + carried_in
        shares = [CARRIED_OUT_PERCENT, 100 - CARRIED_OUT_PERCENT]
        carried_out[column] = _divide(count, shares, rng)[0] if count else 0
        handled = count - carried_out[column]
        counts = zip(outcomes, _divide(handled, outcome_weights, rng), strict=True) if count else ()
        values = {"new": count - carried_in, "carried_in": carried_in, "handled": handled}
        values |= {"carried_out": carried_out[column], **dict(counts)}
        cells |= {f"applications/{row}/{column}": value for row, value in values.items()}
    state.open = carried_out
    return _with_totals(table, cells, applicants, total)


def _review_cells(table: Table, state: BodyState, rng: Random) -> Cells:
    """Return the table of reviews and litigation."""
    *results, total = table.columns
    cells: Cells = {f"review_litigation/{row}/{column}": 0 for row, column in table.cells}
    for row in table.rows:
        counts = _divide(draw(state.weight // 40, rng), RESULT_WEIGHTS, rng)
        cells |= {f"review_litigation/{row}/{c}": n for c, n in zip(results, counts, strict=True)}
    return _with_totals(table, cells, results, total)


def _with_totals(table: Table, cells: Cells, parts: Sequence[str], total: str) -> Cells:
    """Return the cells with column `total` as the sum of the columns `parts` in every row."""
    return cells | {f"{table.code}/{r}/{total}": sum(cells[f"{table.code}/{r}/{p}"] for p in parts) for r in table.rows}
