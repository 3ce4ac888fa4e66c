"""Examine sets of edits from JSON, and give an examination as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from pipeline.edit.case_params import parse_params
from pipeline.edit.case_parser import make_edit_set, parse_edits, parse_variables
from pipeline.edit.case_values import InvalidCase, parse_name
from pipeline.edit.cases import EXACT, Outcome
from pipeline.edit.edits import EditSet
from pipeline.edit.elimination import LimitExceeded
from pipeline.edit.examine import Consequence, Examination, examine
from pipeline.edit.linear_edit import Edit


def parse_edit_set(case: Any) -> tuple[EditSet, tuple[Edit, ...]]:
    """Return the edit set of a case, and its edits that name no variable. Raises InvalidCase.

    A case has `variables` and `edits`; of its `params`, only `integer` has a meaning here.
    """
    if not isinstance(case, dict):
        raise InvalidCase("a set of edits must be an object")
    variables, edits = parse_variables(case.get("variables")), parse_edits(case.get("edits"))
    params = case.get("params")
    integer = params.get("integer") if isinstance(params, dict) else None
    whole = parse_params({"integer": integer}, "impute", variables).integer
    numbers = [Decimal(e.rhs) for e in edits]
    return make_edit_set(variables, edits, numbers, whole), tuple(e for e in edits if not e.coef)


def examine_case(case: Any) -> tuple[Outcome, Examination | None]:
    """Return the examination of a set of edits from JSON, as JSON and as an object; None where there is none.

    The status is `consistent`, `contradictory`, `refused` (the reason is in `error`), or `limit` for a set that is too
    large.
    """
    name = parse_name(case.get("name")) if isinstance(case, dict) else None
    with localcontext(EXACT):
        try:
            edit_set, constant_edits = parse_edit_set(case)
        except InvalidCase as reason:
            return {"name": name, "status": "refused", "error": str(reason)}, None
        return examine_set(name, edit_set, constant_edits)


def examine_set(
    name: str | int | None, edit_set: EditSet, constant_edits: Sequence[Edit] = ()
) -> tuple[Outcome, Examination | None]:
    """Return the examination of a set of edits, as JSON and as an object; None where the set is too large."""
    size = {"variables": len(edit_set.variables), "edits": len(edit_set.edits) + len(constant_edits)}
    try:
        examination = examine(edit_set, constant_edits)
    except LimitExceeded:
        return {"name": name, "status": "limit", **size}, None
    status = "contradictory" if examination.contradictions else "consistent"
    return {"name": name, "status": status, **size, **_to_json(examination)}, examination


def _to_json(examination: Examination) -> Outcome:
    """Return an examination as JSON; edits are given by their names."""
    return {
        "contradictions": [_names(edits) for edits in examination.contradictions],
        "never_fail": _names(examination.never_fail),
        "redundant": _consequences(examination.redundant, "follows_from"),
        "impossible": _consequences(examination.impossible, "conflicts_with"),
        "equalities": _consequences(examination.equalities, "follows_from"),
        "fixed": {v: json_number(x) for v, x in examination.fixed.items()},
        "implied": [
            {
                "coef": {v: json_number(c) for v, c in implied.coef.items()},
                "op": "==",
                "rhs": json_number(implied.rhs),
                "follows_from": list(implied.edits),
            }
            for implied in examination.implied
        ],
        "unused": list(examination.unused),
    }


def _names(edits: Iterable[Edit]) -> list[str]:
    return [e.name for e in edits]


def _consequences(consequences: Iterable[Consequence], relation: str) -> list[Outcome]:
    return [{"edit": c.edit.name, relation: _names(c.edits)} for c in consequences]


def json_number(value: Fraction) -> Decimal | str:
    """Return a number as a decimal, and as a text like `1/3` where no decimal is exact."""
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return decimal if Fraction(decimal) == value else str(value)
