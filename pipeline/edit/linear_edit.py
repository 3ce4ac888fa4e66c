"""Define a linear edit: a sum of coefficients times variables, compared with a number (`a + b <= 5`)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, gcd
from typing import Any, Literal, get_args

from pipeline.core.model import Status

Operator = Literal["==", "<=", ">=", "<", ">"]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
Number = int | Decimal
# Values by variable; a variable that is absent or None has no value.
Record = Mapping[str, Number | None]
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """A linear edit: `sum of coef * variable`, `op`, `rhs`. Coefficients are not 0.

    The operators `<` and `>` are strict: `x < 5` fails for 5, and holds for every smaller number. A hard edit must hold
    in a correct record. A soft edit is only evidence: it never has to hold. `computed` names the variable that its
    author computes from the others, where the signs do not tell it.
    """

    coef: Mapping[str, Number]
    op: Operator
    rhs: Number = 0
    name: str = ""
    hard: bool = True
    computed: str = ""

    @cached_property
    def total(self) -> str:
        """The variable that a hard equality makes the total of others; empty where there is none.

        It is `computed`, or else the only variable with its sign among three or more.
        """
        if not self.hard or self.op != "==" or len(self.coef) < 3:
            return ""
        by_sign = [[v for v, c in self.coef.items() if (c > 0) == positive] for positive in (True, False)]
        return self.computed or next((names[0] for names in by_sign if len(names) == 1), "")

    def residual(self, record: Record) -> Number | None:
        """Return left side minus right side; None if a variable has no value."""
        total: Number = -self.rhs
        for variable, coef in self.coef.items():
            value = record.get(variable)
            if value is None:
                return None
            total += coef * value
        return total

    def holds(self, record: Record, eps: Number = 0) -> bool | None:
        """Return whether the record passes the edit; None (unknown) where a variable has no value.

        An equality holds if its residual is at most `eps`, in the unit of the values. Inequalities are exact.
        """
        residual = self.residual(record)
        if residual is None:
            return None
        if self.op == "==":
            return residual == 0 if eps == 0 else -eps <= residual <= eps
        return _COMPARISONS[self.op](residual, 0)

    def normalised(self) -> Edit:
        """Return the same edit with `==`, `<=` or `<` (normal form: de Jonge and van der Loo 2011)."""
        if self.op not in (">=", ">"):
            return self
        op: Operator = "<=" if self.op == ">=" else "<"
        return replace(self, coef={v: -c for v, c in self.coef.items()}, op=op, rhs=-self.rhs)

    def tightened(self) -> Edit:
        """Return the edit that whole numbers meet exactly if they meet this one: `2a < 5` becomes `a <= 2`."""
        edit = self.normalised()
        if edit.op == "==":
            return edit
        scale = 10 ** max(map(count_decimals, edit.coef.values()))
        divisor = gcd(*(int(c * scale) for c in edit.coef.values()))
        limit = Fraction(edit.rhs) * scale / divisor
        coef = {v: int(c * scale) // divisor for v, c in edit.coef.items()}
        return replace(edit, coef=coef, op="<=", rhs=floor(limit) if edit.op == "<=" else ceil(limit) - 1)


@dataclass(frozen=True)
class EditResult:
    """The result of one edit on a record: pass, fail, or unknown where a variable has no value.

    `residual` is left side minus right side.
    """

    edit: Edit
    status: Status
    residual: Number | None


def count_decimals(number: Number) -> int:
    """Return how many decimals a number needs; trailing zeros do not count."""
    if isinstance(number, int):
        return 0
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
