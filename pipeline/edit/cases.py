"""The editing for any linear edits, as JSON: a list of cases in, their outcomes out.

A case names `variables`, `edits` (`coef`, `op` == or <=, `rhs`), a `record` (null for no value), perhaps `weights`, and
an `operation`. Numbers are exact decimals, never floats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import Any

from pipeline.edit.correct import Corrected, rounding, signs, typos
from pipeline.edit.derive import derive
from pipeline.edit.edits import Edit, EditSet, Record, confront, decimals
from pipeline.edit.localise import Weights, localise

# A search frees no more than `NODES` variables, and so few that at most this many coefficients are looked at.
NODES, MOST_WORK = 100_000, 5_000_000
MOST_VARIABLES, MOST_TERMS, MOST_DIGITS = 5000, 50_000, 60
# Room for every product and sum of numbers that are let in, so that none is rounded.
EXACT = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX)
Outcome = dict[str, Any]


class Refused(Exception):
    """A case that cannot be understood; the text says why."""


def outcome(case: Any) -> Outcome:
    """The outcome of one case: always `name`, `operation`, `status`, `errors`, `weight`, `corrected`, `imputed`,
    `undetermined`; for `confront` also `edits`. A case that is not understood has status `refused` and `error`.
    """
    given = case if isinstance(case, dict) else {}
    empty: Outcome = {
        "name": _name(given.get("name")), "operation": _name(given.get("operation")), "status": "refused",
        "errors": [], "weight": None, "corrected": {}, "imputed": {}, "undetermined": [],
    }  # fmt: skip
    with localcontext(EXACT):
        try:
            operation, edit_set, record, weights = _understood(case)
            return empty | OPERATIONS[operation](edit_set, record, weights)
        except Refused as refusal:
            return empty | {"error": str(refusal)}


def _name(given: Any) -> str | int | None:
    """What a case calls itself, where that is a text or a whole number."""
    if isinstance(given, str):
        return given
    try:
        number = _number(given, "name")
    except Refused:
        return None
    return int(number) if number == int(number) else None


def _localize(edit_set: EditSet, record: Record, weights: Weights) -> Outcome:
    found = localise(edit_set, record, weights, None, _nodes(edit_set))
    weight = None if found.weight is None else Decimal(found.weight) / weights.usual
    return {"status": found.status, "errors": [list(e) for e in found.errors], "weight": weight}


def _nodes(edit_set: EditSet) -> int:
    return min(NODES, MOST_WORK // max(1, sum(len(e.coef) for e in edit_set.edits)))


def _corrected(found: Corrected) -> Outcome:
    return {"status": found.status, "errors": [list(t) for t in found.ties], "corrected": dict(found.values)}


def _impute(edit_set: EditSet, record: Record, _: Weights) -> Outcome:
    found = derive(edit_set, record)
    status = "limit" if found.feasible is None else "infeasible"
    if found.feasible:
        status = "partial" if found.undetermined else "imputed" if found.values else "consistent"
    return {"status": status, "imputed": found.values, "undetermined": list(found.undetermined)}


def _confront(edit_set: EditSet, record: Record, _: Weights) -> Outcome:
    tested = confront(edit_set, record)
    edits = [{"name": t.edit.name, "status": t.status, "residual": t.residual} for t in tested]
    found = {t.status for t in tested}
    return {"status": next((s for s in ("fail", "unknown") if s in found), "pass"), "edits": edits}


OPERATIONS: Mapping[str, Callable[[EditSet, Record, Weights], Outcome]] = {
    "localize": _localize,
    "typos": lambda edit_set, record, _: _corrected(typos(edit_set, record)),
    "signs": lambda edit_set, record, weights: _corrected(signs(edit_set, record, weights)),
    "rounding": lambda edit_set, record, _: _corrected(rounding(edit_set, record, _nodes(edit_set))),
    "impute": _impute,
    "confront": _confront,
}


def _understood(case: Any) -> tuple[str, EditSet, Record, Weights]:
    operation = case.get("operation") if isinstance(case, dict) else None
    if not isinstance(operation, str) or operation not in OPERATIONS:
        raise Refused(f"operation must be one of {', '.join(OPERATIONS)}")
    variables, edits, record = (case.get(k) for k in ("variables", "edits", "record"))
    if not isinstance(variables, list) or not all(isinstance(v, str) for v in variables):
        raise Refused("variables must be a list of names")
    if not isinstance(edits, list) or not isinstance(record, dict) or len(variables) > MOST_VARIABLES:
        raise Refused(f"edits must be a list, record an object, variables at most {MOST_VARIABLES}")
    if len(edits) > MOST_TERMS:
        raise Refused(f"more than {MOST_TERMS} edits")
    if len(set(variables)) != len(variables) or set(record) - set(variables):
        raise Refused("record names variables that are not listed, or one is listed twice")
    values = {v: None if record.get(v) is None else _number(record[v], f"record {v}") for v in variables}
    found = [_edit(e, i) for i, e in enumerate(edits)]
    if sum(len(e.coef) for e in found) > MOST_TERMS:
        raise Refused(f"edits have more than {MOST_TERMS} coefficients")
    numbers = [*values.values(), *(Decimal(e.rhs) for e in found)]
    places = max([decimals(n) for n in numbers if n is not None], default=0)
    try:
        return operation, EditSet(variables, found, places), values, _weights(case.get("weights"), variables)
    except ValueError as error:
        raise Refused(str(error)) from error


def _edit(edit: Any, number: int) -> Edit:
    where = f"edit {number + 1}"
    if not isinstance(edit, dict) or edit.get("op") not in ("==", "<=") or not isinstance(edit.get("coef"), dict):
        raise Refused(f"{where}: needs coef, op (== or <=) and rhs")
    coef = {v: c for v, given in edit["coef"].items() if (c := _number(given, where))}
    return Edit(coef, edit["op"], _number(edit.get("rhs", 0), where), str(_name(edit.get("name")) or f"e{number + 1}"))


def _number(value: Any, where: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Refused(f"{where}: not a number")
    number = Decimal(value)
    if not number.is_finite() or number.adjusted() > MOST_DIGITS or decimals(number) > MOST_DIGITS:
        raise Refused(f"{where}: a number of more than {MOST_DIGITS} digits")
    return number


def _weights(given: Any, variables: Sequence[str]) -> Weights:
    """Whole weights; decimals are multiplied out, so that their ratios stay."""
    if given is None:
        return Weights()
    if not isinstance(given, dict) or set(given) - set(variables):
        raise Refused("weights must be an object of variables that are listed")
    numbers = {v: _number(w, f"weight {v}") for v, w in given.items()}
    factor = 10 ** max([decimals(w) for w in numbers.values()], default=0)
    return Weights({v: int(w * factor) for v, w in numbers.items()}, factor)
