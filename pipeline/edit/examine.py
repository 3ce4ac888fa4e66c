"""Examine a set of edits: which contradict each other, follow from others, never fail, or fix a variable.

Everything is exact. The hard edits are examined; a soft edit is compared with the hard ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from pipeline.edit.edits import EditSet
from pipeline.edit.implied import ImpliedEquality, find_fixed_values, find_implied_equalities
from pipeline.edit.linear_edit import Edit
from pipeline.edit.simplex import Budget, Feasibility

# Separate contradictions that are reported; the search for more stops there.
MAX_CONTRADICTIONS = 10
_TEST = "test"  # the key of the edit that is tested


@dataclass(frozen=True)
class Consequence:
    """An edit, and the other edits from which it follows, or with which it is in conflict."""

    edit: Edit
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Examination:
    """The result of an examination.

    `contradictions` are sets of edits that no record meets; each has no smaller one inside. If there are any, the
    rest is not examined. `redundant` edits follow from edits that are not redundant. `equalities` are inequalities
    that hold only with equality. `never_fail` name no variable and hold; `impossible` are soft edits that no correct
    record meets. `fixed` are variables that have one value in every correct record, `unused` those that no edit names.
    """

    contradictions: tuple[tuple[Edit, ...], ...] = ()
    never_fail: tuple[Edit, ...] = ()
    redundant: tuple[Consequence, ...] = ()
    impossible: tuple[Consequence, ...] = ()
    equalities: tuple[Consequence, ...] = ()
    fixed: Mapping[str, Fraction] = field(default_factory=dict)
    implied: tuple[ImpliedEquality, ...] = ()
    unused: tuple[str, ...] = ()


def examine(edit_set: EditSet, constant_edits: Sequence[Edit] = ()) -> Examination:
    """Return the examination of a set of edits; `constant_edits` name no variable. Raises LimitExceeded."""
    edits = [e.tightened() if edit_set.whole.issuperset(e.coef) else e for e in edit_set.edits]
    named = {v for e in edits for v in e.coef}
    unused = tuple(v for v in edit_set.variables if v not in named)
    never_fail = tuple(e for e in constant_edits if e.holds({}))
    examiner = Examiner(edit_set.edits, edits)
    contradictions = [(e,) for e in constant_edits if not e.holds({})] + examiner.find_contradictions()
    if contradictions:
        return Examination(tuple(contradictions), never_fail, unused=unused)
    redundant = examiner.find_redundant()
    impossible = examiner.find_impossible()
    equalities = examiner.find_equalities()
    hull = [e for e in edits if e.hard and e.op == "=="] + [replace(c.edit, op="==") for c in equalities]
    fixed = find_fixed_values(hull)
    implied = find_implied_equalities(hull, fixed)
    return Examination((), never_fail, redundant, impossible, equalities, fixed, implied, unused)


class Examiner:
    """The edits of a set by index: as they were given, and as they are examined."""

    def __init__(self, given: Sequence[Edit], edits: Sequence[Edit]) -> None:
        self.given, self.edits, self.budget = given, edits, Budget()
        self.hard = [i for i, e in enumerate(edits) if e.hard]
        self.feasibility = self._feasibility_of(self.hard)

    def _feasibility_of(self, indexes: Iterable[int]) -> Feasibility:
        feasibility = Feasibility(self.budget)
        for i in indexes:
            feasibility.add(i, self.edits[i])
        return feasibility

    def _named(self, keys: Iterable[object]) -> tuple[Edit, ...]:
        """Return the edits with these keys, as they were given and in their order."""
        return tuple(self.given[i] for i in sorted(k for k in keys if isinstance(k, int)))

    def find_contradictions(self) -> list[tuple[Edit, ...]]:
        """Return sets of hard edits that cannot hold together, and remove one edit of each."""
        contradictions: list[tuple[Edit, ...]] = []
        while len(contradictions) < MAX_CONTRADICTIONS and (conflict := self.feasibility.find_conflict()):
            contradictions.append(self._named(conflict))
            self.feasibility.remove(max(k for k in conflict if isinstance(k, int)))
        return contradictions

    def find_redundant(self) -> tuple[Consequence, ...]:
        """Return the edits that follow from others, later ones first; hard ones are removed."""
        redundant = []
        for i in reversed(self.hard):
            self.feasibility.remove(i)
            if self._reasons(self.edits[i]) is None:
                self.feasibility.add(i, self.edits[i])
            else:
                redundant.append(i)
        redundant += [i for i, e in enumerate(self.edits) if not e.hard and self._reasons(e) is not None]
        return tuple(
            Consequence(self.given[i], self._named(self._reasons(self.edits[i]) or ())) for i in sorted(redundant)
        )

    def _reasons(self, edit: Edit) -> set[object] | None:
        """Return the keys of the edits from which an edit follows, None if it does not follow."""
        reasons: set[object] = set()
        for negation in negations(edit):
            conflict = self._conflict_with(negation)
            if conflict is None:
                return None
            reasons |= conflict
        return reasons

    def _conflict_with(self, edit: Edit) -> frozenset[object] | None:
        """Return the keys of the edits that an edit is in conflict with, None if there are none."""
        self.feasibility.add(_TEST, edit)
        conflict = self.feasibility.find_conflict()
        self.feasibility.remove(_TEST)
        return None if conflict is None else conflict - {_TEST}

    def find_impossible(self) -> tuple[Consequence, ...]:
        """Return the soft edits that no record meets that meets the hard ones."""
        tests = [(i, self._conflict_with(e)) for i, e in enumerate(self.edits) if not e.hard]
        return tuple(Consequence(self.given[i], self._named(c)) for i, c in tests if c is not None)

    def find_equalities(self) -> tuple[Consequence, ...]:
        """Return the inequalities that hold only with equality; the others become strict."""
        equalities = []
        for i in self.hard:
            edit = self.edits[i]
            if edit.op not in ("<=", ">="):
                continue
            self.feasibility.add(("strict", i), replace(edit, op="<" if edit.op == "<=" else ">"))
            conflict = self.feasibility.find_conflict()
            if conflict is not None:
                self.feasibility.remove(("strict", i))
                keys = {k[1] if isinstance(k, tuple) else k for k in conflict} - {i}
                equalities.append(Consequence(self.given[i], self._named(keys)))
        return tuple(equalities)


def negations(edit: Edit) -> tuple[Edit, ...]:
    """Return the opposite edits: one of them holds exactly if the edit fails."""
    opposites = {"==": ("<", ">"), "<=": (">",), ">=": ("<",), "<": (">=",), ">": ("<=",)}
    return tuple(replace(edit, op=op) for op in opposites[edit.op])  # type: ignore[arg-type]
