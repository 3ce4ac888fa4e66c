"""Decide whether linear edits can hold together, in exact numbers; where they cannot, say which edits are in conflict.

This is the simplex method for bounds that come and go (Dutertre and de Moura 2006). Every sum of several variables is a
variable of its own, so each edit is a bound of one variable. Strict bounds differ from others by an infinitesimal.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from math import gcd

from pipeline.edit.elimination import LimitExceeded
from pipeline.edit.linear_edit import Edit, count_decimals

Exact = int | Fraction
# A number, and how many infinitesimals are added to it.
Value = tuple[Exact, int | Fraction]
# A bound, and the key of the edit that sets it.
Bound = tuple[Value, Hashable]
ZERO: Value = (0, 0)
# Rows and coefficients that are read before the work is given up, after some five seconds.
MAX_READS = 20_000_000
# Reads that an operation with fractions counts for, and the bits of a long number that cost one more.
READS_PER_FRACTION, BITS_PER_READ = 30, 4


class Budget:
    """The rows and coefficients that may still be read."""

    def __init__(self, reads_left: int = MAX_READS) -> None:
        self.reads_left = reads_left

    def count(self, reads: int) -> None:
        """Count reads. Raises LimitExceeded where none are left."""
        self.reads_left -= reads
        if self.reads_left < 0:
            raise LimitExceeded


class Feasibility:
    """Edits under keys, which may be added and removed; `find_conflict` says whether all can hold together."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._index: dict[Hashable, int] = {}  # of a variable by its name, and of a sum by its coefficients
        self._variable_of: dict[Hashable, int] = {}  # that an edit bounds
        self._values: list[Value] = []
        self._lows: list[dict[Hashable, Value]] = []
        self._highs: list[dict[Hashable, Value]] = []
        self._rows: dict[int, dict[int, Exact]] = {}  # each basic variable as a sum of others
        self._suspects: set[int] = set()  # variables that may be outside their bounds

    def add(self, key: Hashable, edit: Edit) -> None:
        """Add an edit, which must name a variable, under a key that is not in use. Raises LimitExceeded."""
        self._budget.count(len(edit.coef))
        scale = 10 ** max(map(count_decimals, edit.coef.values()))
        divisor = gcd(*(int(c * scale) for c in edit.coef.values()))
        divisor = -divisor if next(iter(edit.coef.values())) < 0 else divisor
        variable = self._variable({v: int(c * scale) // divisor for v, c in edit.coef.items()})
        self._variable_of[key] = variable
        self._suspects.add(variable)
        limit = quotient(Fraction(edit.rhs) * scale, divisor)
        is_upper = (edit.op in ("<=", "<")) == (divisor > 0)
        if edit.op == "==" or not is_upper:
            self._lows[variable][key] = (limit, int(edit.op in ("<", ">")))
        if edit.op == "==" or is_upper:
            self._highs[variable][key] = (limit, -int(edit.op in ("<", ">")))

    def remove(self, key: Hashable) -> None:
        """Remove the edit with this key."""
        variable = self._variable_of.pop(key)
        self._lows[variable].pop(key, None)
        self._highs[variable].pop(key, None)

    def find_conflict(self) -> frozenset[Hashable] | None:
        """Return the keys of edits that cannot hold together, None if all edits can. Raises LimitExceeded.

        Without any one of these edits, the others can hold together: they bound variables that do not depend on each
        other, and one sum of them.
        """
        for j in sorted(self._suspects):
            low, high = self._low(j), self._high(j)
            if low and high and low[0] > high[0]:
                return frozenset((low[1], high[1]))
            if j not in self._rows:
                self._move_into_bounds(j, low, high)
                self._suspects.discard(j)
        while True:
            self._budget.count(len(self._suspects))
            self._suspects = {j for j in self._suspects if self._side(j)}
            if not self._suspects:
                return None
            wrong = min(self._suspects)
            conflict = self._repair(wrong, self._side(wrong))
            if conflict:
                return conflict

    def _variable(self, coef: Mapping[str, int]) -> int:
        """Return the index of a variable or of a sum; a new sum is basic."""
        if len(coef) == 1:
            (name,) = coef
            return self._new_index(name)
        key = frozenset(coef.items())
        if key not in self._index:
            parts = {self._new_index(v): a for v, a in coef.items()}
            row: dict[int, Exact] = {}
            for j, a in parts.items():
                _add_multiple(row, self._rows.get(j, {j: 1}), a)
            index = self._new_index(key)
            self._rows[index] = row
            self._values[index] = self._sum(row)
        return self._index[key]

    def _new_index(self, key: Hashable) -> int:
        if key not in self._index:
            self._index[key] = len(self._values)
            self._values.append(ZERO)
            self._lows.append({})
            self._highs.append({})
        return self._index[key]

    def _sum(self, row: Mapping[int, Exact]) -> Value:
        values = self._values
        return sum(a * values[j][0] for j, a in row.items()), sum(a * values[j][1] for j, a in row.items())

    def _low(self, j: int) -> Bound | None:
        """Return the largest lower bound of a variable."""
        bounds = self._lows[j]
        return max(((value, key) for key, value in bounds.items()), key=lambda b: b[0]) if bounds else None

    def _high(self, j: int) -> Bound | None:
        """Return the least upper bound of a variable."""
        bounds = self._highs[j]
        return min(((value, key) for key, value in bounds.items()), key=lambda b: b[0]) if bounds else None

    def _side(self, j: int) -> int:
        """Return 1 if a variable must increase to meet its bounds, -1 if it must decrease, else 0."""
        low, high = self._low(j), self._high(j)
        if low and self._values[j] < low[0]:
            return 1
        return -1 if high and self._values[j] > high[0] else 0

    def _move_into_bounds(self, j: int, low: Bound | None, high: Bound | None) -> None:
        """Change a variable that is not basic to the bound that it does not meet."""
        value = self._values[j]
        if low and value < low[0]:
            self._change(j, low[0])
        elif high and value > high[0]:
            self._change(j, high[0])

    def _change(self, j: int, value: Value) -> None:
        """Set a variable that is not basic, and change the basic ones with it."""
        step = value[0] - self._values[j][0], value[1] - self._values[j][1]
        self._values[j] = value
        self._budget.count(len(self._rows))
        for b, row in self._rows.items():
            if a := row.get(j):
                self._suspects.add(b)
                old = self._values[b]
                self._values[b] = old[0] + a * step[0], old[1] + a * step[1]

    def _repair(self, b: int, side: int) -> frozenset[Hashable] | None:
        """Change a basic variable to its bound by means of the first variable that can; else return the conflict.

        To take the first of all variables prevents endless loops (Bland 1977).
        """
        row = self._rows[b]
        bound = self._low(b) if side > 0 else self._high(b)
        assert bound
        reasons = {bound[1]}
        for j in sorted(row):
            limit = self._high(j) if (row[j] > 0) == (side > 0) else self._low(j)
            if limit is None or self._values[j] != limit[0]:
                self._pivot(b, j, bound[0])
                return None
            reasons.add(limit[1])
        return frozenset(reasons)

    def _pivot(self, b: int, j: int, value: Value) -> None:
        """Make variable `j` basic instead of `b`, which gets this value."""
        self._budget.count(len(self._rows))
        row = self._rows.pop(b)
        a = row.pop(j)
        new = {k: quotient(-c, a) for k, c in row.items()} | {b: quotient(1, a)}
        reads = sum(_reads_of(c) for c in new.values())
        for other in self._rows.values():
            if factor := other.pop(j, 0):
                self._budget.count(reads)
                _add_multiple(other, new, factor)
        self._rows[j] = new
        self._change(b, value)
        self._suspects.add(j)


def quotient(a: Exact, b: Exact) -> Exact:
    """Return the exact quotient, an integer where it is one."""
    fraction = Fraction(a, b) if isinstance(a, int) and isinstance(b, int) else Fraction(a) / b
    return int(fraction) if fraction.denominator == 1 else fraction


def _reads_of(number: Exact) -> int:
    """Return the number of reads that an operation with this number counts for."""
    if isinstance(number, int):
        return 1
    return READS_PER_FRACTION + max(number.numerator.bit_length(), number.denominator.bit_length()) // BITS_PER_READ


def _add_multiple(row: dict[int, Exact], other: Mapping[int, Exact], factor: Exact) -> None:
    """Add a multiple of another row in place; coefficients of 0 are dropped."""
    for k, c in other.items():
        total = row.get(k, 0) + factor * c
        if total:
            row[k] = total
        else:
            row.pop(k, None)
