"""Run the editing on cases from JSON: a case with any linear edits in, its outcome out.

A case is an object with an `operation`, `variables`, `edits` (each `coef`, `op` and `rhs`), a `record` (null for no
value), optional `weights`, and `params` (`case_params`). Numbers are exact decimals, never floats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import Any

from pipeline.edit.case_params import PARAMETERS, parse_params
from pipeline.edit.case_parser import Case, parse_case, parse_texts
from pipeline.edit.case_values import InvalidCase, parse_name
from pipeline.edit.correct import Correction, TypingOptions, correct_typing
from pipeline.edit.derive import derive
from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.localise import SearchLimits, localise
from pipeline.edit.rounding import RoundingOptions, correct_rounding
from pipeline.edit.signs import SignOptions, correct_signs
from pipeline.edit.string_distance import count_slips

# A search frees at most MAX_NODES variables, and looks at no more than about MAX_COEFFICIENT_READS coefficients.
MAX_NODES, MAX_COEFFICIENT_READS = 100_000, 5_000_000
# Enough precision for every product and sum of accepted numbers, so that none is rounded.
EXACT = Context(prec=1000, Emin=MIN_EMIN, Emax=MAX_EMAX)
Outcome = dict[str, Any]


def run_case(case: Any) -> Outcome:
    """Return the outcome of one case.

    An outcome always has `name`, `operation`, `status`, `errors`, `weight`, `corrected`, `imputed` and `undetermined`;
    for `confront` also `edits`, and for `distance` also `distance`. A case that cannot be understood has the status
    `refused`, and the reason in `error`.
    """
    given = case if isinstance(case, dict) else {}
    empty: Outcome = {
        "name": parse_name(given.get("name")), "operation": parse_name(given.get("operation")), "status": "refused",
        "errors": [], "weight": None, "corrected": {}, "imputed": {}, "undetermined": [],
    }  # fmt: skip
    with localcontext(EXACT):
        try:
            return empty | _run(given)
        except InvalidCase as reason:
            return empty | {"error": str(reason)}


def _run(case: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a case. Raises InvalidCase."""
    operation = case.get("operation")
    if not isinstance(operation, str) or operation not in PARAMETERS:
        raise InvalidCase(f"operation must be one of {', '.join(PARAMETERS)}")
    if operation == "distance":
        parse_params(case.get("params"), operation, ())
        return {"status": "counted", "distance": count_slips(*parse_texts(case))}
    parsed = parse_case(case, operation)
    if operation != "confront" and parsed.is_impossible:
        return {"status": "infeasible" if operation in ("localize", "impute") else "invalid"}
    return OPERATIONS[operation](parsed)


def _run_localize(case: Case) -> Outcome:
    """Return the least weighted error sets, with the weight in the units of the case."""
    edit_set = _relax(case.edit_set, case.params.eps) if case.params.eps else case.edit_set
    located = localise(edit_set, case.record, case.weights, SearchLimits(max_nodes=_max_nodes(edit_set)))
    weight = None if located.weight is None else Decimal(located.weight) / case.weights.default
    return {"status": located.status, "errors": [list(e) for e in located.error_sets], "weight": weight}


def _relax(edit_set: EditSet, eps: Decimal) -> EditSet:
    """Return the edits with each equality as two inequalities, `eps` below and above."""
    relaxed: list[Edit] = []
    for edit in edit_set.edits:
        if edit.op == "==":
            relaxed += [replace(edit, op="<=", rhs=edit.rhs + eps), replace(edit, op=">=", rhs=edit.rhs - eps)]
        else:
            relaxed.append(edit)
    return EditSet(edit_set.variables, relaxed, edit_set.decimal_places, edit_set.whole)


def _max_nodes(edit_set: EditSet) -> int:
    """Return the number of eliminations for which the search stays within MAX_COEFFICIENT_READS."""
    return min(MAX_NODES, MAX_COEFFICIENT_READS // max(1, sum(len(e.coef) for e in edit_set.edits)))


def _run_typos(case: Case) -> Outcome:
    """Return the corrected typing slips."""
    options = TypingOptions(case.params.fixate, case.params.eps or 0, case.params.maxdist)
    return _correction_outcome(correct_typing(case.edit_set, case.record, options))


def _run_signs(case: Case) -> Outcome:
    """Return the corrected signs and exchanges."""
    params = case.params
    options = SignOptions(params.flip, params.swap, params.fixate, params.eps or 0)
    return _correction_outcome(correct_signs(case.edit_set, case.record, case.weights, options))


def _run_rounding(case: Case) -> Outcome:
    """Return the corrected rounding errors."""
    options = RoundingOptions(case.params.fixate, case.params.eps, _max_nodes(case.edit_set))
    return _correction_outcome(correct_rounding(case.edit_set, case.record, options))


def _correction_outcome(correction: Correction) -> Outcome:
    """Return the fields of the outcome that a correction gives; `errors` are its ties."""
    return {
        "status": correction.status,
        "errors": [list(t) for t in correction.ties],
        "corrected": dict(correction.values),
    }


def _run_impute(case: Case) -> Outcome:
    """Return the derived values."""
    imputation = derive(case.edit_set, case.record)
    status = "limit" if imputation.feasible is None else "infeasible"
    if imputation.feasible:
        status = "partial" if imputation.undetermined else "imputed" if imputation.values else "consistent"
    return {"status": status, "imputed": imputation.values, "undetermined": list(imputation.undetermined)}


def _run_confront(case: Case) -> Outcome:
    """Return the status of each edit and of the case.

    The case fails if an edit fails. Otherwise it is unknown if an edit is unknown, and passes if none is.
    """
    record, eps = case.record, case.params.eps or 0
    status_of = {True: "pass", False: "fail", None: "unknown"}
    edits = [
        {"name": e.name, "status": status_of[e.holds(record, eps)], "residual": e.residual(record)} for e in case.edits
    ]
    statuses = {e["status"] for e in edits}
    return {"status": next((s for s in ("fail", "unknown") if s in statuses), "pass"), "edits": edits}


OPERATIONS: Mapping[str, Callable[[Case], Outcome]] = {
    "localize": _run_localize,
    "typos": _run_typos,
    "signs": _run_signs,
    "rounding": _run_rounding,
    "impute": _run_impute,
    "confront": _run_confront,
}
