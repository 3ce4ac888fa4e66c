"""Read a case of editing from JSON: variables, edits, record, weights and parameters, checked and in exact numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.edit.case_params import NO_PARAMS, Params, parse_params
from pipeline.edit.case_values import InvalidCase, parse_name, parse_number
from pipeline.edit.edits import EditSet, count_decimals
from pipeline.edit.linear_edit import OPERATORS, Edit
from pipeline.edit.localise import Weights

# Of a case; MAX_COEFFICIENTS also limits the number of edits.
MAX_VARIABLES, MAX_COEFFICIENTS = 5000, 50_000
# Of a text whose distance to another is counted.
MAX_CHARACTERS = 200


@dataclass(frozen=True)
class Case:
    """A case: its edits, the set of those that name a variable, and the record, weights and parameters."""

    edits: tuple[Edit, ...]
    edit_set: EditSet
    record: Mapping[str, Decimal | None]
    weights: Weights
    params: Params = NO_PARAMS

    @property
    def is_impossible(self) -> bool:
        """Whether an edit without variables fails: then no record meets the edits."""
        return any(not e.coef and e.holds({}) is False for e in self.edits)


def parse_case(case: Mapping[str, Any], operation: str) -> Case:
    """Return a case for an operation. Raises InvalidCase with the reason."""
    variables = parse_variables(case.get("variables"))
    edits = parse_edits(case.get("edits"))
    record = case.get("record")
    if not isinstance(record, dict):
        raise InvalidCase("record must be an object")
    if set(record) - set(variables):
        raise InvalidCase("record names variables that are not listed")
    values = {v: None if record.get(v) is None else parse_number(record[v], f"record {v}") for v in variables}
    params = parse_params(case.get("params"), operation, variables)
    numbers = [*values.values(), *(Decimal(e.rhs) for e in edits), Decimal(params.eps or 0)]
    weights = _parse_weights(case.get("weights"), variables, params.fixate)
    return Case(edits, make_edit_set(variables, edits, numbers, params.integer), values, weights, params)


def make_edit_set(
    variables: Sequence[str], edits: Sequence[Edit], numbers: Sequence[Decimal | None], whole: frozenset[str]
) -> EditSet:
    """Return the edits that name a variable, for values with as many decimals as the numbers. Raises InvalidCase."""
    decimal_places = max([count_decimals(n) for n in numbers if n is not None], default=0)
    try:
        return EditSet(variables, [e for e in edits if e.coef], decimal_places, whole)
    except ValueError as error:
        raise InvalidCase(str(error)) from error


def parse_variables(variables: Any) -> list[str]:
    """Return the names of the variables. Raises InvalidCase."""
    if not isinstance(variables, list) or not all(isinstance(v, str) for v in variables):
        raise InvalidCase("variables must be a list of names")
    if len(variables) > MAX_VARIABLES:
        raise InvalidCase(f"more than {MAX_VARIABLES} variables")
    if len(set(variables)) != len(variables):
        raise InvalidCase("a variable is listed twice")
    return variables


def parse_edits(edits: Any) -> tuple[Edit, ...]:
    """Return the edits, named `e1`, `e2`... where they have no name. Raises InvalidCase."""
    if not isinstance(edits, list):
        raise InvalidCase("edits must be a list")
    if len(edits) > MAX_COEFFICIENTS:
        raise InvalidCase(f"more than {MAX_COEFFICIENTS} edits")
    parsed = tuple(_parse_edit(e, i) for i, e in enumerate(edits))
    if sum(len(e.coef) for e in parsed) > MAX_COEFFICIENTS:
        raise InvalidCase(f"edits have more than {MAX_COEFFICIENTS} coefficients")
    return parsed


def _parse_edit(edit: Any, index: int) -> Edit:
    """Return an edit without coefficients of 0; it may name no variable then. Raises InvalidCase."""
    where = f"edit {index + 1}"
    coef = edit.get("coef") if isinstance(edit, dict) else None
    if not isinstance(coef, dict) or not coef or edit.get("op") not in OPERATORS:
        raise InvalidCase(f"{where}: needs coef, op (one of {', '.join(OPERATORS)}) and rhs")
    numbers = {v: c for v, number in coef.items() if (c := parse_number(number, where))}
    name = str(parse_name(edit.get("name")) or f"e{index + 1}")
    return Edit(numbers, edit["op"], parse_number(edit.get("rhs", 0), where), name)


def _parse_weights(weights: Any, variables: Sequence[str], fixed: frozenset[str]) -> Weights:
    """Return whole weights: decimals are multiplied by a power of ten, which keeps their ratios.

    The default weight is that power of ten, the weight 1 of the case. Raises InvalidCase.
    """
    if weights is None:
        return Weights(fixed=fixed)
    if not isinstance(weights, dict) or set(weights) - set(variables):
        raise InvalidCase("weights must be an object of variables that are listed")
    numbers = {v: parse_number(w, f"weight {v}") for v, w in weights.items()}
    factor = 10 ** max([count_decimals(w) for w in numbers.values()], default=0)
    try:
        return Weights({v: int(w * factor) for v, w in numbers.items()}, factor, fixed)
    except ValueError as error:
        raise InvalidCase(f"{error}; params.fixate names variables that never change") from error


def parse_texts(case: Mapping[str, Any]) -> tuple[str, str]:
    """Return the two values of a record as texts, numbers as they are written. Raises InvalidCase."""
    record = case.get("record")
    values = list(record.values()) if isinstance(record, dict) else []
    if len(values) != 2:
        raise InvalidCase("record must have two values, each a text or a number")
    first, second = (v if isinstance(v, str) else f"{parse_number(v, 'record'):f}" for v in values)
    if max(len(first), len(second)) > MAX_CHARACTERS:
        raise InvalidCase(f"a text of more than {MAX_CHARACTERS} characters")
    return first, second
