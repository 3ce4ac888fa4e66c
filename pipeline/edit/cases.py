"""Run the editing on cases from JSON: a case with any linear edits in, its outcome out.

A case is an object with `variables`, `edits` (each `coef`, `op` == or <=, `rhs`), a `record` (null for no value),
optional `weights`, and an `operation`. Numbers are exact decimals, never floats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import Any

from pipeline.edit.correct import Correction, correct_signs, correct_typing
from pipeline.edit.derive import derive
from pipeline.edit.edits import Edit, EditSet, Record, confront, count_decimals
from pipeline.edit.localise import SearchLimits, Weights, localise
from pipeline.edit.rounding import correct_rounding

# A search frees at most MAX_NODES variables, and looks at no more than about MAX_COEFFICIENT_READS coefficients.
MAX_NODES, MAX_COEFFICIENT_READS = 100_000, 5_000_000
# Of a case; MAX_COEFFICIENTS also limits the number of edits.
MAX_VARIABLES, MAX_COEFFICIENTS = 5000, 50_000
# Of a number, before and after the point.
MAX_DIGITS = 60
# Enough precision for every product and sum of accepted numbers, so that none is rounded.
EXACT = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX)
Outcome = dict[str, Any]


class InvalidCase(Exception):
    """A case that cannot be understood; the text gives the reason."""


def run_case(case: Any) -> Outcome:
    """Return the outcome of one case.

    An outcome always has `name`, `operation`, `status`, `errors`, `weight`, `corrected`, `imputed` and `undetermined`;
    for `confront` also `edits`. A case that cannot be understood has the status `refused`, and the reason in `error`.
    """
    given = case if isinstance(case, dict) else {}
    empty: Outcome = {
        "name": _parse_name(given.get("name")), "operation": _parse_name(given.get("operation")), "status": "refused",
        "errors": [], "weight": None, "corrected": {}, "imputed": {}, "undetermined": [],
    }  # fmt: skip
    with localcontext(EXACT):
        try:
            operation, edit_set, record, weights = _parse_case(case)
            return empty | OPERATIONS[operation](edit_set, record, weights)
        except InvalidCase as reason:
            return empty | {"error": str(reason)}


def _parse_name(name: Any) -> str | int | None:
    """Return a name that is a text or a whole number, None for anything else."""
    if isinstance(name, str):
        return name
    try:
        number = _parse_number(name, "name")
    except InvalidCase:
        return None
    return int(number) if number == int(number) else None


def _run_localize(edit_set: EditSet, record: Record, weights: Weights) -> Outcome:
    """Return the least weighted error sets, with the weight in the units of the case."""
    located = localise(edit_set, record, weights, SearchLimits(max_nodes=_max_nodes(edit_set)))
    weight = None if located.weight is None else Decimal(located.weight) / weights.default
    return {"status": located.status, "errors": [list(e) for e in located.error_sets], "weight": weight}


def _max_nodes(edit_set: EditSet) -> int:
    """Return the number of eliminations for which the search stays within MAX_COEFFICIENT_READS."""
    return min(MAX_NODES, MAX_COEFFICIENT_READS // max(1, sum(len(e.coef) for e in edit_set.edits)))


def _correction_outcome(correction: Correction) -> Outcome:
    """Return the fields of the outcome that a correction gives; `errors` are its ties."""
    return {
        "status": correction.status,
        "errors": [list(t) for t in correction.ties],
        "corrected": dict(correction.values),
    }


def _run_impute(edit_set: EditSet, record: Record, _: Weights) -> Outcome:
    """Return the derived values."""
    imputation = derive(edit_set, record)
    status = "limit" if imputation.feasible is None else "infeasible"
    if imputation.feasible:
        status = "partial" if imputation.undetermined else "imputed" if imputation.values else "consistent"
    return {"status": status, "imputed": imputation.values, "undetermined": list(imputation.undetermined)}


def _run_confront(edit_set: EditSet, record: Record, _: Weights) -> Outcome:
    """Return the status of each edit and of the case.

    The case fails if an edit fails. Otherwise it is unknown if an edit is unknown, and passes if none is.
    """
    results = confront(edit_set, record)
    edits = [{"name": r.edit.name, "status": r.status, "residual": r.residual} for r in results]
    statuses = {r.status for r in results}
    return {"status": next((s for s in ("fail", "unknown") if s in statuses), "pass"), "edits": edits}


OPERATIONS: Mapping[str, Callable[[EditSet, Record, Weights], Outcome]] = {
    "localize": _run_localize,
    "typos": lambda edit_set, record, _: _correction_outcome(correct_typing(edit_set, record)),
    "signs": lambda edit_set, record, weights: _correction_outcome(correct_signs(edit_set, record, weights)),
    "rounding": lambda edit_set, record, _: _correction_outcome(
        correct_rounding(edit_set, record, _max_nodes(edit_set))
    ),
    "impute": _run_impute,
    "confront": _run_confront,
}


def _parse_case(case: Any) -> tuple[str, EditSet, Record, Weights]:
    """Return operation, edit set, record and weights of a case. Raises InvalidCase."""
    operation = case.get("operation") if isinstance(case, dict) else None
    if not isinstance(operation, str) or operation not in OPERATIONS:
        raise InvalidCase(f"operation must be one of {', '.join(OPERATIONS)}")
    variables, edits, record = (case.get(k) for k in ("variables", "edits", "record"))
    if not isinstance(variables, list) or not all(isinstance(v, str) for v in variables):
        raise InvalidCase("variables must be a list of names")
    if not isinstance(edits, list) or not isinstance(record, dict) or len(variables) > MAX_VARIABLES:
        raise InvalidCase(f"edits must be a list, record an object, variables at most {MAX_VARIABLES}")
    if len(edits) > MAX_COEFFICIENTS:
        raise InvalidCase(f"more than {MAX_COEFFICIENTS} edits")
    if len(set(variables)) != len(variables) or set(record) - set(variables):
        raise InvalidCase("record names variables that are not listed, or one is listed twice")
    values = {v: None if record.get(v) is None else _parse_number(record[v], f"record {v}") for v in variables}
    parsed_edits = [_parse_edit(e, i) for i, e in enumerate(edits)]
    if sum(len(e.coef) for e in parsed_edits) > MAX_COEFFICIENTS:
        raise InvalidCase(f"edits have more than {MAX_COEFFICIENTS} coefficients")
    numbers = [*values.values(), *(Decimal(e.rhs) for e in parsed_edits)]
    decimal_places = max([count_decimals(n) for n in numbers if n is not None], default=0)
    try:
        edit_set = EditSet(variables, parsed_edits, decimal_places)
        return operation, edit_set, values, _parse_weights(case.get("weights"), variables)
    except ValueError as error:
        raise InvalidCase(str(error)) from error


def _parse_edit(edit: Any, index: int) -> Edit:
    """Return an edit without coefficients of 0, named `e1`, `e2`... where it has no name. Raises InvalidCase."""
    where = f"edit {index + 1}"
    if not isinstance(edit, dict) or edit.get("op") not in ("==", "<=") or not isinstance(edit.get("coef"), dict):
        raise InvalidCase(f"{where}: needs coef, op (== or <=) and rhs")
    coef = {v: c for v, number in edit["coef"].items() if (c := _parse_number(number, where))}
    name = str(_parse_name(edit.get("name")) or f"e{index + 1}")
    return Edit(coef, edit["op"], _parse_number(edit.get("rhs", 0), where), name)


def _parse_number(value: Any, where: str) -> Decimal:
    """Return an exact number. Raises InvalidCase for other values, and for more than MAX_DIGITS digits."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise InvalidCase(f"{where}: not a number")
    number = Decimal(value)
    if not number.is_finite() or number.adjusted() > MAX_DIGITS or count_decimals(number) > MAX_DIGITS:
        raise InvalidCase(f"{where}: a number of more than {MAX_DIGITS} digits")
    return number


def _parse_weights(weights: Any, variables: Sequence[str]) -> Weights:
    """Return whole weights: decimals are multiplied by a power of ten, which keeps their ratios.

    The default weight is that power of ten, the weight 1 of the case. Raises InvalidCase, and ValueError for a weight
    below 1.
    """
    if weights is None:
        return Weights()
    if not isinstance(weights, dict) or set(weights) - set(variables):
        raise InvalidCase("weights must be an object of variables that are listed")
    numbers = {v: _parse_number(w, f"weight {v}") for v, w in weights.items()}
    factor = 10 ** max([count_decimals(w) for w in numbers.values()], default=0)
    return Weights({v: int(w * factor) for v, w in numbers.items()}, factor)
