"""Solve small systems of edits with floating-point solvers of scipy, to compare with the exact editing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from pipeline.edit.edits import Edit, EditSet, Operator

Whole = dict[str, int | None]
# Larger than any number in the tables of the tests, and small enough for the tolerances of a solver.
MAX_NUMBER = 2000
# The absolute bound of free variables in a linear programme.
BOUND = 10**5
# The least distance from the limit of a strict inequality: smaller than any that small coefficients make necessary, and
# larger than the tolerances of a solver.
STRICT_MARGIN = 1e-4
# All operators, with equalities as often as not.
ALL_OPERATORS: tuple[Operator, ...] = ("==", "==", "<=", ">=", "<", ">")


def rows(edit_set: EditSet, op: str, margin: float = 0) -> tuple[list[list[float]], list[float]]:
    """Return the hard edits as a matrix (edits by variables) and their right sides: `==`, or all inequalities as `<=`.

    `margin` is taken off the right side of a strict inequality.
    """
    hard_edits = [e.normalised() for e in edit_set.edits if e.hard and (e.op == "==") == (op == "==")]
    return [[float(e.coef.get(v, 0)) for v in edit_set.variables] for e in hard_edits], [
        float(e.rhs) - margin * (e.op == "<") for e in hard_edits
    ]


def least(
    edit_set: EditSet, fixed_values: Mapping[str, int | None], objective: Mapping[str, int], margin: float = 0
) -> float | None:
    """Return the minimum of the objective with some variables fixed (None: free), None if no values are feasible."""
    (upper, limits), (equal, targets) = rows(edit_set, "<=", margin), rows(edit_set, "==")
    solution = linprog(
        [float(objective.get(v, 0)) for v in edit_set.variables],
        A_ub=upper or None, b_ub=limits or None, A_eq=equal or None, b_eq=targets or None,
        bounds=[(-BOUND, BOUND) if (x := fixed_values.get(v)) is None else (x, x) for v in edit_set.variables],
    )  # fmt: skip
    assert solution.status in (0, 2), solution.message
    return None if solution.status == 2 else float(solution.fun)


def feasible(edit_set: EditSet, fixed_values: Mapping[str, int | None]) -> bool:
    """Return whether the free variables have values that meet all hard edits."""
    return least(edit_set, fixed_values, {}, STRICT_MARGIN) is not None


def lightest(
    edit_set: EditSet, record: Mapping[str, int | None], weights: Mapping[str, int], big: int = MAX_NUMBER
) -> int | None:
    """Return the minimum weight of variables to change so that all edits hold, None if no change suffices.

    It is a mixed integer programme in which no value exceeds `big`.
    """
    n = len(edit_set.variables)
    printed_values = [record.get(v) for v in edit_set.variables]
    (upper, limits), (equal, targets) = rows(edit_set, "<=", STRICT_MARGIN), rows(edit_set, "==")
    zeros = np.zeros
    constraints = [
        LinearConstraint(np.hstack([np.array(a).reshape(-1, n), zeros((len(a), n))]), low, high)
        for a, low, high in ((upper, -np.inf, limits), (equal, targets, targets))
        if a
    ]
    given_indices = [i for i, x in enumerate(printed_values) if x is not None]
    for sign in (1, -1):
        linked = zeros((len(given_indices), 2 * n))
        for row, i in enumerate(given_indices):
            linked[row, i], linked[row, n + i] = sign, -big
        constraints.append(LinearConstraint(linked, -np.inf, [sign * (printed_values[i] or 0) for i in given_indices]))
    weight = [0 if record.get(v) is None else weights.get(v, 1) for v in edit_set.variables]
    cost = np.array([0] * n + weight)
    solution = milp(
        cost,
        constraints=constraints,
        integrality=np.array([0] * n + [1] * n),
        bounds=Bounds([-big] * n + [0] * n, [big] * n + [1] * n),
        options={"mip_rel_gap": 0},
    )
    return None if solution.x is None else round(float(solution.fun))


def system(
    random: Random, variables: int, bounded: bool = False, operators: Sequence[Operator] = ("==", "<=")
) -> tuple[EditSet, Whole]:
    """Return random edits with small coefficients, and a record that usually violates some of them.

    `bounded` adds the bounds 0 and 20 for each variable.
    """
    names = [f"x{i}" for i in range(variables)]
    edits = []
    for i in range(random.randint(1, variables)):
        edit_variables = random.sample(names, random.randint(1, min(4, variables)))
        coef = {v: random.choice([-3, -2, -1, -1, 1, 1, 2, 3]) for v in edit_variables}
        edits.append(Edit(coef, random.choice(operators), random.randint(-6, 6), f"e{i}"))
    if bounded:
        edits += [Edit({v: -1}, "<=", 0) for v in names] + [Edit({v: 1}, "<=", 20) for v in names]
    return EditSet(names, edits), {v: random.randint(0, 9) for v in names}


def table(random: Random, lines: int, columns: int) -> tuple[EditSet, dict[str, int]]:
    """Return the edits and true numbers of a table like the statutory one.

    Received and carried in equal handled and carried out in every column; the last column has the totals.
    """
    outcomes = [f"outcome{i}" for i in range(lines - 4)]
    order = ["new", "in", *outcomes, "handled", "out"]
    kinds = [f"c{i}" for i in range(columns - 1)]
    truth: dict[str, int] = {}
    for kind in kinds:
        for outcome in outcomes:
            truth[f"{outcome}/{kind}"] = random.choice([0, 0, random.randint(1, 40)])
        handled = sum(truth[f"{o}/{kind}"] for o in outcomes)
        carried_out = random.choice([0, random.randint(0, 9)])
        carried_in = random.randint(0, handled + carried_out)
        truth |= {
            f"handled/{kind}": handled,
            f"out/{kind}": carried_out,
            f"in/{kind}": carried_in,
            f"new/{kind}": handled + carried_out - carried_in,
        }
    truth |= {f"{line}/total": sum(truth[f"{line}/{k}"] for k in kinds) for line in order}
    edits = []
    for line in order:
        parts = {f"{line}/{k}": 1 for k in kinds}
        edits.append(Edit(parts | {f"{line}/total": -1}, "==", 0, f"{line} total"))
    for kind in [*kinds, "total"]:
        edits.append(Edit({f"{o}/{kind}": 1 for o in outcomes} | {f"handled/{kind}": -1}, "==", 0, f"handled {kind}"))
        balance = {f"new/{kind}": 1, f"in/{kind}": 1, f"handled/{kind}": -1, f"out/{kind}": -1}
        edits.append(Edit(balance, "==", 0, f"balance {kind}"))
    names = [f"{line}/{k}" for line in order for k in [*kinds, "total"]]
    edits += [Edit({v: -1}, "<=", 0, f"{v} >= 0") for v in names]
    return EditSet(names, edits), {v: truth[v] for v in names}


def corrupted(random: Random, truth: Mapping[str, int], wrong: int, missing: int) -> Whole:
    """Return the record with `wrong` random cells changed to other numbers, and `missing` random cells blanked."""
    cells_to_damage = random.sample(sorted(truth), wrong + missing)
    record: Whole = dict(truth)
    for name in cells_to_damage[:wrong]:
        record[name] = truth[name] + random.choice([-7, -1, 1, 2, 9, 30, 100])
    return record | dict.fromkeys(cells_to_damage[wrong:])
