"""Linear edits on the numbers of a record, kept in exact integers.

An edit is `sum of coef * variable == rhs` or `<= rhs` (de Waal, Pannekoek, Scholtus 2011, ch. 2). Values and right
sides are scaled by a power of ten that makes all of them integers, so nothing is compared with a tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pipeline.core.model import Status
from pipeline.edit.elimination import Row, System

Operator = Literal["==", "<="]
Number = int | Decimal
Record = Mapping[str, Number | None]


@dataclass(frozen=True)
class Edit:
    """A linear edit. `coef` holds numbers other than 0; a soft edit is evidence only, it never has to hold."""

    coef: Mapping[str, Number]
    op: Operator
    rhs: Number = 0
    name: str = ""
    hard: bool = True

    def residual(self, record: Record) -> Number | None:
        """Left side minus right side; None where a variable has no value."""
        total: Number = -self.rhs
        for variable, coef in self.coef.items():
            value = record.get(variable)
            if value is None:
                return None
            total += coef * value
        return total

    def holds(self, record: Record) -> bool | None:
        """Whether the record passes the edit; None (unknown) where a variable has no value."""
        residual = self.residual(record)
        return None if residual is None else residual == 0 if self.op == "==" else residual <= 0


@dataclass(frozen=True)
class Tested:
    """An edit on a record: pass, fail, or unknown where a variable has no value; `residual` is left minus right."""

    edit: Edit
    status: Status
    residual: Number | None


class EditSet:
    """Edits over named variables. Values have at most `places` decimals; hard edits are those that must hold.

    Raises ValueError for an edit on a variable that is not listed, or one without variables.
    """

    def __init__(self, variables: Iterable[str], edits: Iterable[Edit], places: int = 0) -> None:
        self.variables = tuple(variables)
        self.edits = tuple(edits)
        self.places, self._factor = places, 10**places
        known = set(self.variables)
        for edit in self.edits:
            if not edit.coef or set(edit.coef) - known:
                raise ValueError(f"edit {edit.name or dict(edit.coef)}: unknown variables or none")

    @cached_property
    def touching(self) -> Mapping[str, tuple[Edit, ...]]:
        """Variable to the edits that name it, soft ones too."""
        return {v: tuple(self.edits[i] for i in places) for v, places in self._places.items()}

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        """Variable to the places, in `edits`, of those that name it."""
        found: dict[str, list[int]] = {v: [] for v in self.variables}
        for i, edit in enumerate(self.edits):
            for variable in edit.coef:
                found[variable].append(i)
        return found

    @cached_property
    def balances(self) -> Mapping[str, frozenset[int]]:
        """Variable to the places, in `edits`, of the equalities that name it."""
        return {v: frozenset(i for i in p if self.edits[i].op == "==") for v, p in self._places.items()}

    @cached_property
    def soft(self) -> tuple[Edit, ...]:
        """The edits that are evidence only."""
        return tuple(e for e in self.edits if not e.hard)

    @cached_property
    def joint(self) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
        """The hard edits of several variables: equalities (of one variable too) and inequalities, as in a system."""
        hard = [e for e in self.edits if e.hard]
        return tuple(e for e in hard if e.op == "=="), tuple(e for e in hard if e.op == "<=" and len(e.coef) > 1)

    @cached_property
    def components(self) -> tuple[EditSet, ...]:
        """The parts that share no variable in hard edits, in the order of their first variable, each with the soft
        edits that touch it. A variable without hard edits belongs to none.
        """
        root = {v: v for v in self.variables}

        def find(v: str) -> str:
            while root[v] != v:
                root[v] = root[root[v]]
                v = root[v]
            return v

        hard = [e for e in self.edits if e.hard]
        for edit in hard:
            first, *others = edit.coef
            for other in others:
                root[find(other)] = find(first)
        bound = {v for e in hard for v in e.coef}
        groups: dict[str, list[str]] = {}
        for variable in self.variables:
            if variable in bound:
                groups.setdefault(find(variable), []).append(variable)
        return tuple(self._part(group) for group in groups.values())

    def _part(self, group: Sequence[str]) -> EditSet:
        inside = set(group)
        edits = [self.edits[i] for i in sorted({i for v in group for i in self._places[v]})]
        outside = dict.fromkeys(v for e in edits for v in e.coef if v not in inside)
        return EditSet((*group, *outside), edits, self.places)

    def scaled(self, value: Number) -> int:
        """A value as an integer. Raises ValueError where it has more decimals than the set's `places`."""
        exact = value * self._factor
        whole = int(exact)
        if whole != exact:
            raise ValueError(f"{value} has more than {self.places} decimals")
        return whole

    def plain(self, value: int) -> Decimal:
        """The inverse of `scaled`."""
        whole, rest = divmod(value, self._factor)
        return Decimal(whole) if rest == 0 else Decimal(value).scaleb(-self.places)

    def integers(self, record: Record) -> list[int | None]:
        """The record's values scaled, in the order of the variables."""
        return [None if (v := record.get(name)) is None else self.scaled(v) for name in self.variables]

    def system(self, record: Record) -> System:
        """The hard edits as rows on the record's values; a variable without value counts as 0 until it is freed."""
        return self.system_of(self.integers(record))

    def system_of(self, integers: Sequence[int | None]) -> System:
        """`system` on values that are scaled already."""
        values = [x or 0 for x in integers]
        equal, atmost, bounds = self._rows
        return System(
            [(c, r - sum([a * values[j] for j, a in c.items()])) for c, r in equal],
            [(c, r - sum([a * values[j] for j, a in c.items()])) for c, r in atmost],
            [[(a, r - a * x) for a, r in rows] for rows, x in zip(bounds, values, strict=True)],
        )

    @cached_property
    def _rows(self) -> tuple[list[Row], list[Row], list[list[tuple[int, int]]]]:
        """Equalities, inequalities of several variables, and for each variable the inequalities on it alone."""
        place = {v: i for i, v in enumerate(self.variables)}
        equal: list[Row] = []
        atmost: list[Row] = []
        bounds: list[list[tuple[int, int]]] = [[] for _ in self.variables]
        for edit in self.edits:
            if not edit.hard:
                continue
            factor = 10 ** max(map(decimals, edit.coef.values()))
            coef, rhs = {place[v]: int(c * factor) for v, c in edit.coef.items()}, self.scaled(edit.rhs) * factor
            if edit.op == "==":
                equal.append((coef, rhs))
            elif len(coef) > 1:
                atmost.append((coef, rhs))
            else:
                ((j, a),) = coef.items()
                bounds[j].append((a, rhs))
        return equal, atmost, bounds


def decimals(number: Number) -> int:
    """How many decimals a number needs."""
    if isinstance(number, int):
        return 0
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def confront(edit_set: EditSet, record: Record) -> tuple[Tested, ...]:
    """Every edit of the set, hard and soft, tested on a record."""
    words: Mapping[bool | None, Status] = {True: "pass", False: "fail", None: "unknown"}
    return tuple(Tested(e, words[e.holds(record)], e.residual(record)) for e in edit_set.edits)
