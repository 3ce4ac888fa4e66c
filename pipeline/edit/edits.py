"""Define sets of linear edits on the variables of a record, and test a record on them in exact numbers.

An edit is a constraint `sum of coef * variable == rhs`, or with `<=`, `>=`, `<` or `>` (de Waal, Pannekoek, Scholtus
2011, ch. 2). Values and right sides are multiplied by a power of ten that makes all of them integers, so nothing is
compared with a tolerance, and a strict inequality needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from pipeline.core.model import Status
from pipeline.edit.elimination import STRICT, Row, System
from pipeline.edit.linear_edit import (
    OPERATORS,
    Edit,
    EditResult,
    Number,
    Operator,
    Record,
    count_decimals,
)

__all__ = ["Edit", "EditResult", "EditSet", "Number", "Operator", "Record", "confront", "count_decimals"]


class EditSet:
    """Edits over named variables, whose values have at most `decimal_places` decimals.

    The variables in `whole` have whole numbers only. Raises ValueError for an edit without variables, on a variable
    that is not listed, or with an unknown operator.

    Example::

        from pipeline.edit import Edit, EditSet, confront, derive, localise

        balance = Edit({"turnover": 1, "costs": -1, "profit": -1}, "==", name="balance")
        shares = Edit({"profit": 1, "tax": -1, "dividend": -1}, "==", name="shares")
        edits = EditSet(["turnover", "costs", "profit", "tax", "dividend"], [balance, shares])
        record = {"turnover": 100, "costs": 60, "profit": 30, "tax": 10, "dividend": 30}
        assert [result.status for result in confront(edits, record)] == ["fail", "fail"]
        assert localise(edits, record).error_sets == (("profit",),)
        assert derive(edits, record | {"profit": None}).values == {"profit": 40}
    """

    def __init__(
        self, variables: Iterable[str], edits: Iterable[Edit], decimal_places: int = 0, whole: Iterable[str] = ()
    ) -> None:
        self.variables, self.whole = tuple(variables), frozenset(whole)
        self.edits = tuple(edits)
        self.decimal_places, self._factor = decimal_places, 10**decimal_places
        listed = set(self.variables)
        for edit in self.edits:
            if not edit.coef or set(edit.coef) - listed:
                raise ValueError(f"edit {edit.name or dict(edit.coef)}: unknown variables or none")
            if edit.op not in OPERATORS:
                raise ValueError(f"edit {edit.name or dict(edit.coef)}: unknown operator {edit.op}")

    @cached_property
    def edits_by_variable(self) -> Mapping[str, tuple[Edit, ...]]:
        """The edits that name each variable, hard and soft."""
        return {v: tuple(self.edits[i] for i in indexes) for v, indexes in self._edit_indexes.items()}

    @cached_property
    def _edit_indexes(self) -> Mapping[str, Sequence[int]]:
        """The indexes in `edits` of the edits that name each variable."""
        indexes: dict[str, list[int]] = {v: [] for v in self.variables}
        for i, edit in enumerate(self.edits):
            for variable in edit.coef:
                indexes[variable].append(i)
        return indexes

    @cached_property
    def balance_indexes(self) -> Mapping[str, frozenset[int]]:
        """The indexes in `edits` of the balances, that is equalities, that name each variable."""
        return {v: frozenset(i for i in ii if self.edits[i].op == "==") for v, ii in self._edit_indexes.items()}

    @cached_property
    def totals(self) -> frozenset[str]:
        """The variables that an edit makes the total of others."""
        return frozenset(e.total for e in self.edits if e.total and not e.computed)

    @cached_property
    def soft_edits(self) -> tuple[Edit, ...]:
        """The edits that are only evidence."""
        return tuple(e for e in self.edits if not e.hard)

    @cached_property
    def row_edits(self) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
        """The hard edits behind `System.equalities` and `System.inequalities`, in the same order.

        These are all equalities, and the inequalities of several variables or strict ones.
        """
        equalities = [edit for edit, normal in self._normal_edits if normal.op == "=="]
        inequalities = [edit for edit, normal in self._normal_edits if normal.op != "==" and not _is_bound(normal)]
        return tuple(equalities), tuple(inequalities)

    @cached_property
    def _normal_edits(self) -> Sequence[tuple[Edit, Edit]]:
        """The hard edits, each with its normal form; an edit on whole numbers only is tightened."""
        hard = [e for e in self.edits if e.hard]
        return [(e, e.tightened() if self.whole.issuperset(e.coef) else e.normalised()) for e in hard]

    @cached_property
    def components(self) -> tuple[EditSet, ...]:
        """The edit set split into parts that share no variable in hard edits, in the order of their first variable.

        Each component also has the soft edits on its variables. A variable without hard edits belongs to no component.
        """
        root = {v: v for v in self.variables}

        def find_root(v: str) -> str:
            """Return the representative of the group of `v` (union-find with path halving)."""
            while root[v] != v:
                root[v] = root[root[v]]
                v = root[v]
            return v

        hard = [e for e in self.edits if e.hard]
        for edit in hard:
            first, *others = edit.coef
            for other in others:
                root[find_root(other)] = find_root(first)
        bound = {v for e in hard for v in e.coef}
        groups: dict[str, list[str]] = {}
        for variable in self.variables:
            if variable in bound:
                groups.setdefault(find_root(variable), []).append(variable)
        return tuple(self._component_of(group) for group in groups.values())

    def _component_of(self, group: Sequence[str]) -> EditSet:
        """Return the edits on these variables; other variables of their soft edits are listed last."""
        members = set(group)
        edits = [self.edits[i] for i in sorted({i for v in group for i in self._edit_indexes[v]})]
        others = dict.fromkeys(v for e in edits for v in e.coef if v not in members)
        return EditSet((*group, *others), edits, self.decimal_places, self.whole.intersection((*group, *others)))

    def to_integer(self, value: Number) -> int:
        """Return the value times 10**decimal_places. Raises ValueError if it has more decimals."""
        scaled = value * self._factor
        integer = int(scaled)
        if integer != scaled:
            raise ValueError(f"{value} has more than {self.decimal_places} decimals")
        return integer

    def to_decimal(self, value: int) -> Decimal:
        """Return the value of an integer from `to_integer`."""
        quotient, remainder = divmod(value, self._factor)
        return Decimal(quotient) if remainder == 0 else Decimal(value).scaleb(-self.decimal_places)

    def to_integers(self, record: Record) -> list[int | None]:
        """Return the record's values as integers, in the order of the variables. Raises ValueError as `to_integer`."""
        return [None if (v := record.get(name)) is None else self.to_integer(v) for name in self.variables]

    def build_system(self, record: Record) -> System:
        """Return the hard edits as rows at the record's values.

        A variable without value counts as 0 until it is freed. Raises ValueError as `to_integer` does.
        """
        return self.build_system_at(self.to_integers(record))

    def build_system_at(self, integers: Sequence[int | None]) -> System:
        """Return the same as `build_system`, for values from `to_integers`."""
        values = [x or 0 for x in integers]
        equalities, inequalities, bounds = self._integer_rows
        return System(
            [(c, r - sum([a * values[j] for j, a in c.items()])) for c, r in equalities],
            [(c, r - sum([a * values[j] for j, a in c.items() if j >= 0])) for c, r in inequalities],
            [[(a, r - a * x) for a, r in rows] for rows, x in zip(bounds, values, strict=True)],
        )

    @cached_property
    def equality_rows_of(self) -> Sequence[Sequence[tuple[int, int]]]:
        """The rows of `System.equalities` that name each variable, as row index and coefficient."""
        rows: list[list[tuple[int, int]]] = [[] for _ in self.variables]
        for i, (coef, _) in enumerate(self._integer_rows[0]):
            for j, a in coef.items():
                rows[j].append((i, a))
        return rows

    @cached_property
    def _integer_rows(self) -> tuple[list[Row], list[Row], list[list[tuple[int, int]]]]:
        """The hard edits in integers: equalities, inequalities of several variables, and the bounds of each variable.

        A row holds coefficients by variable index and the right side; a bound holds coefficient and right side. A
        strict inequality is among the inequalities, with the coefficient 1 of STRICT.
        """
        index = {v: i for i, v in enumerate(self.variables)}
        equalities: list[Row] = []
        inequalities: list[Row] = []
        bounds: list[list[tuple[int, int]]] = [[] for _ in self.variables]
        for _, edit in self._normal_edits:
            factor = 10 ** max(map(count_decimals, edit.coef.values()))
            coef, rhs = {index[v]: int(c * factor) for v, c in edit.coef.items()}, self.to_integer(edit.rhs) * factor
            if edit.op == "==":
                equalities.append((coef, rhs))
            elif _is_bound(edit):
                ((j, a),) = coef.items()
                bounds[j].append((a, rhs))
            else:
                inequalities.append((coef, rhs) if edit.op == "<=" else ({**coef, STRICT: 1}, rhs - 1))
        return equalities, inequalities, bounds


def _is_bound(edit: Edit) -> bool:
    """Return whether an edit in normal form is a bound of one variable that is not strict."""
    return edit.op == "<=" and len(edit.coef) == 1


def confront(edit_set: EditSet, record: Record, eps: Number = 0) -> tuple[EditResult, ...]:
    """Test a record on every edit of the set, hard and soft; return one result per edit, in order.

    An equality passes if its residual is at most `eps`, in the unit of the values.
    """
    statuses: Mapping[bool | None, Status] = {True: "pass", False: "fail", None: "unknown"}
    return tuple(EditResult(e, statuses[e.holds(record, eps)], e.residual(record)) for e in edit_set.edits)
