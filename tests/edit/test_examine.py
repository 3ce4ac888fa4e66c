"""The examination of edits: sets whose answer is known, random sets compared with a solver, and every form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import ALL_OPERATORS, feasible, least, system

from pipeline.core.form import forms
from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.elimination import LimitExceeded
from pipeline.edit.examine import Consequence, Examination, examine, negations
from pipeline.edit.review import form_edit_set
from pipeline.edit.simplex import Budget, Feasibility

SUM = Edit({"a": 1, "b": 1, "c": -1}, "==", 0, "sum")
NOT_NEGATIVE = [Edit({v: 1}, ">=", 0, f"{v} >= 0") for v in "abc"]


def named(edits: Iterable[Edit]) -> list[str]:
    return [e.name for e in edits]


def reasons(consequences: Sequence[Consequence]) -> dict[str, list[str]]:
    """Return the names of the reasons by the name of the edit."""
    return {c.edit.name: named(c.edits) for c in consequences}


def examine_edits(*edits: Edit, variables: str = "abcd", whole: str = "") -> Examination:
    return examine(EditSet(variables, [replace(e, name=e.name or f"e{i}") for i, e in enumerate(edits, 1)], 0, whole))


def test_tighter_bound_makes_a_looser_one_redundant() -> None:
    """The first example of validatetools, `detect_redundancy`: above 1 follows from above 2."""
    assert reasons(examine_edits(Edit({"a": 1}, ">", 1), Edit({"a": 1}, ">", 2)).redundant) == {"e1": ["e2"]}
    assert reasons(examine_edits(Edit({"a": 2}, ">=", 5), Edit({"a": -1}, "<", -2)).redundant) == {"e2": ["e1"]}
    assert reasons(examine_edits(Edit({"a": 1}, ">", 1), Edit({"a": 1}, ">=", 1)).redundant) == {"e2": ["e1"]}
    assert not examine_edits(Edit({"a": 1}, ">", 1), Edit({"b": 1}, ">", 2)).redundant


def test_later_one_of_two_equal_edits_is_redundant() -> None:
    doubled = Edit({"a": -2, "b": -2, "c": 2}, "==", 0)
    assert reasons(examine_edits(SUM, doubled).redundant) == {"e2": ["sum"]}


def test_total_follows_from_its_parts() -> None:
    assert reasons(examine_edits(SUM, *NOT_NEGATIVE).redundant) == {"c >= 0": ["sum", "a >= 0", "b >= 0"]}
    turnover = [Edit({"a": 1, "b": -1, "c": 1}, "=="), Edit({"b": 1}, ">"), Edit({"c": 1}, ">")]
    share = Edit({"c": 5, "b": -3}, ">=")
    assert reasons(examine_edits(*turnover, share).redundant) == {"e3": ["e2", "e4"]}


def test_last_identity_of_a_table_is_redundant() -> None:
    """The total of a table is the sum of its row totals and of its column totals: one of six identities follows."""
    rows = [Edit({f"{r}1": 1, f"{r}2": 1, f"{r}t": -1}, "==", 0, f"row {r}") for r in "abt"]
    columns = [Edit({f"a{c}": 1, f"b{c}": 1, f"t{c}": -1}, "==", 0, f"column {c}") for c in "12t"]
    names = [f"{r}{c}" for r in "abt" for c in "12t"]
    examination = examine(EditSet(names, [*rows, *columns]))
    assert reasons(examination.redundant) == {"column t": named([*rows, *columns[:2]])}
    assert not examination.implied


def test_least_contradiction_is_found() -> None:
    examination = examine_edits(
        SUM, *NOT_NEGATIVE, Edit({"a": 1}, ">", 5), Edit({"c": 1}, "<=", 5), Edit({"d": 1}, "<"), Edit({"d": 1}, ">")
    )
    assert sorted(map(named, examination.contradictions)) == [["e7", "e8"], ["sum", "b >= 0", "e5", "e6"]]
    assert not examination.redundant
    strict = [Edit({"a": 1, "b": 1}, "<"), Edit({"a": 1, "b": 1}, ">")]
    assert list(map(named, examine_edits(*strict).contradictions)) == [["e1", "e2"]]
    whole = [Edit({"a": 1}, ">", 2), Edit({"a": 1}, "<", 3)]
    assert not examine_edits(*whole).contradictions
    assert list(map(named, examine_edits(*whole, whole="a").contradictions)) == [["e1", "e2"]]


def test_edits_without_variables_never_fail_or_always_fail() -> None:
    always, never = Edit({}, "<=", 0, "always"), Edit({}, "<", 0, "never")
    assert named(examine(EditSet("a", []), [always]).never_fail) == ["always"]
    examination = examine(EditSet("a", []), [always, never])
    assert list(map(named, examination.contradictions)) == [["never"]]


def test_inequalities_that_fix_variables_are_found() -> None:
    """The second example of validatetools, `detect_fixed_variables`."""
    zero = [Edit({"a": 1, "b": 1, "c": 1}, "=="), Edit({"a": 1, "b": 1}, ">="), Edit({"c": 1}, ">=")]
    examination = examine_edits(*zero)
    assert examination.fixed == {"c": 0}
    assert reasons(examination.equalities) == {"e2": ["e1", "e3"], "e3": ["e1", "e2"]}
    assert examination.unused == ("d",)
    third = examine_edits(Edit({"a": 3}, "==", 1), Edit({"b": 1, "a": 1}, "==", 1))
    assert third.fixed == {"a": Fraction(1, 3), "b": Fraction(2, 3)}


def test_implied_equalities_are_short() -> None:
    double = [Edit({"a": 1, "b": 1, "c": -2}, "==", 1), Edit({"a": 1, "b": 1, "d": -1}, "==")]
    (implied,) = examine_edits(*double).implied
    assert dict(implied.coef) == {"c": 1, "d": Fraction(-1, 2)}
    assert implied.rhs == Fraction(-1, 2)
    parts = [Edit(dict.fromkeys("pqrs", 1), "==", 9, "all"), Edit(dict.fromkeys("pqtuv", 1), "==", 9, "some")]
    assert not examine(EditSet("pqrstuv", parts)).implied
    common = [
        Edit(dict.fromkeys("pqrs", 1), "==", 9, "all"),
        Edit({**dict.fromkeys("pqr", 1), "u": 1, "v": 1}, "==", 9, "e2"),
    ]
    (short,) = examine(EditSet("pqrsuv", common)).implied
    assert dict(short.coef) == {"s": 1, "u": -1, "v": -1}
    assert not short.rhs
    assert short.edits == ("all", "e2")


def test_soft_edits_are_compared_with_hard_ones() -> None:
    soft = [Edit({"c": 1}, ">=", 0, "sure", False), Edit({"a": 1, "b": 1}, "<", 0, "never", False)]
    examination = examine_edits(SUM, *NOT_NEGATIVE[:2], *soft)
    assert reasons(examination.redundant) == {"sure": ["sum", "a >= 0", "b >= 0"]}
    assert reasons(examination.impossible) == {"never": ["a >= 0", "b >= 0"]}


def test_set_that_is_too_large_is_given_up() -> None:
    feasibility = Feasibility(Budget(20))
    for i in range(5):
        feasibility.add(i, Edit({f"x{i}": 1, f"x{i + 1}": 1}, ">=", 1))
    with pytest.raises(LimitExceeded):
        feasibility.find_conflict()


@pytest.mark.slow
@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), st.integers(1, 5), st.booleans())
def test_examination_is_that_of_a_solver(seed: int, variables: int, bounded: bool) -> None:
    edit_set, _ = system(Random(seed), variables, bounded, ALL_OPERATORS)
    examination = examine(edit_set)
    names = edit_set.variables
    assert bool(examination.contradictions) == (not feasible(edit_set, {}))
    for contradiction in examination.contradictions:
        assert not feasible(EditSet(names, contradiction), {})
        assert all(feasible(EditSet(names, [e for e in contradiction if e is not left]), {}) for left in contradiction)
    if examination.contradictions:
        return
    needed = [e for e in edit_set.edits if all(e is not c.edit for c in examination.redundant)]
    for consequence in examination.redundant:
        assert not any(feasible(EditSet(names, [*consequence.edits, n]), {}) for n in negations(consequence.edit))
        assert all(any(e is n for n in needed) for e in consequence.edits)
    for edit in needed:
        others = [e for e in needed if e is not edit]
        assert any(feasible(EditSet(names, [*others, n]), {}) for n in negations(edit))
    for variable in names:
        low, high = least(edit_set, {}, {variable: 1}), least(edit_set, {}, {variable: -1})
        assert low is not None
        assert high is not None
        assert (variable in examination.fixed) == (abs(low + high) < 1e-7)
        assert abs(low - float(examination.fixed.get(variable, Fraction(low)))) < 1e-6
    for implied in examination.implied:
        scale = 1
        for c in (*implied.coef.values(), implied.rhs):
            scale *= c.denominator
        whole = Edit({v: int(c * scale) for v, c in implied.coef.items()}, "==", int(implied.rhs * scale))
        assert not any(feasible(EditSet(names, [*edit_set.edits, n]), {}) for n in negations(whole))


@pytest.mark.parametrize("code", forms())
def test_edits_of_a_form_are_examined_in_seconds(code: str) -> None:
    start = process_time()
    examination = examine(form_edit_set(code))
    assert process_time() - start < 10
    assert not examination.contradictions
    assert not examination.fixed
    redundant = [c for c in examination.redundant if c.edit.op == "=="]
    has_applications = any(table.code == "applications" for table in forms()[code].printed_tables)
    assert len(redundant) == (2 if has_applications else 0)
    assert {c.edit.name.split("@")[0] for c in redundant} <= {"app.balance", "app.handled"}
    totals = [c for c in examination.redundant if len(c.edit.coef) == 1]
    assert all(len(c.edits) > 1 for c in totals)
