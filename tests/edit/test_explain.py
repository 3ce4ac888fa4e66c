from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from support.slips import INSIDE, LISTED, OUTSIDE, SLIPS, Outcome, changed, last_year_of, outcome, record, tables

from pipeline.edit.edits import Edit, EditSet
from pipeline.edit.explain import Explanation, explain
from pipeline.edit.hypotheses import RecordContext
from pipeline.edit.review import form_edit_set

TRIALS = 120
# The minimum share of right first explanations, by kind of slip; docs/measured/editing.md has the measured shares. The
# other explanations must be unresolved.
MIN_RIGHT_SHARE = {
    "swapped": 0.95, "swapped_down": 0.65, "slid": 0.95, "two_cells": 0.95, "rows_exchanged": 0.6,
    "columns_exchanged": 0.2,
}  # fmt: skip


def trial(random: Random, kind: str) -> Outcome:
    """Return the outcome of one slip; last year's report is known where its numbers were left."""
    table = random.choice(tables())
    last_year = last_year_of(table) if kind == "last_year" else {}
    return outcome(
        table, changed(random, table, SLIPS[kind]), RecordContext(table.rows, table.columns, last_year=last_year)
    )


@pytest.mark.parametrize("kind", [*INSIDE, *OUTSIDE])
def test_certified_changes_are_true_and_others_unresolved_if_wrong(kind: str) -> None:
    random = Random(f"test {kind}")
    verdicts: Counter[str] = Counter()
    for _ in range(TRIALS):
        found = trial(random, kind)
        verdicts[found.verdict] += 1
        assert not found.certified["false"]
    if kind in INSIDE:
        assert verdicts["right"] >= MIN_RIGHT_SHARE.get(kind, 1) * TRIALS
        assert not verdicts["wrong"]


@pytest.mark.parametrize("kind", LISTED)
def test_truth_is_listed_and_no_other_cell_is_blamed(kind: str) -> None:
    random = Random(f"listed {kind}")
    for _ in range(TRIALS):
        found = trial(random, kind)
        assert found.verdict != "wrong"
        assert found.rank is not None or found.verdict in ("unseen", "right")
        if kind == "all_recomputed":
            assert found.verdict == "unsure"


# A table of three by three cells whose last row and column are totals.
ROWS = [[f"{r}{c}" for c in "abt"] for r in "12t"]
COLUMNS = [list(column) for column in zip(*ROWS, strict=True)]
SUMS = [Edit({line[2]: 1, line[0]: -1, line[1]: -1}, "==", 0, f"sum {line[2]}") for line in (*ROWS, *COLUMNS)]
CELLS = [cell for row in ROWS for cell in row]
BOUNDS = [Edit({cell: -1}, "<=", 0) for cell in CELLS]
SMALL = EditSet(CELLS, [*SUMS, *BOUNDS])
TRUTH: dict[str, Decimal | None] = {
    cell: Decimal(value) for cell, value in zip(CELLS, (410, 23, 433, 57, 602, 659, 467, 625, 1092), strict=True)
}


def explain_one(record: dict[str, Decimal | None], edits: EditSet = SMALL, **cells: Any) -> Explanation:
    """Return the only explanation of a record; `cells` are the doubtful or confirmed cells of its context."""
    (explanation,) = explain(edits, record, RecordContext(ROWS, COLUMNS, **cells))
    return explanation


def best_changes(explanation: Explanation) -> dict[str, object]:
    """Return the implied values of the first hypothesis, by variable."""
    return {c.variable: c.implied_value for c in explanation.hypotheses[0].changes}


def test_consistent_record_has_no_explanation() -> None:
    assert explain(SMALL, TRUTH, RecordContext(ROWS, COLUMNS)) == ()


def test_typing_slip_is_certified() -> None:
    explanation = explain_one({**TRUTH, "1a": Decimal(140)})
    assert (explanation.level, best_changes(explanation)) == ("certified", {"1a": 410})
    assert explanation.hypotheses[0].changes[0].mechanism == "transposed"
    assert {e.name for e in explanation.broken_edits} == {"sum 1t", "sum ta"}


def test_number_without_mechanism_is_only_located() -> None:
    explanation = explain_one({**TRUTH, "2b": Decimal(317)})
    assert (explanation.level, best_changes(explanation)) == ("located", {"2b": 602})


def test_total_is_never_certified() -> None:
    explanation = explain_one({**TRUTH, "1t": Decimal(133)})
    assert (explanation.level, best_changes(explanation)) == ("explained", {"1t": 433})


def test_formula_is_not_blamed_alone() -> None:
    explanation = explain_one({**TRUTH, "1t": Decimal(133)}, computed=frozenset({"1t"}))
    assert explanation.hypotheses
    assert all({c.variable for c in h.changes} != {"1t"} for h in explanation.hypotheses)


def test_cell_and_its_total_are_not_certified_together() -> None:
    """A wrong cell and the total computed from it look the same wherever in the line the cell is."""
    explanation = explain_one({**TRUTH, "1a": Decimal(440), "1t": Decimal(463)})
    assert explanation.level == "unresolved"
    assert len(explanation.hypotheses) > 1


def test_confirmed_cell_is_never_changed() -> None:
    wrong = {**TRUTH, "1a": Decimal(140)}
    explanation = explain_one(wrong, confirmed=frozenset({"1a"}))
    assert "1a" not in {c.variable for h in explanation.hypotheses for c in h.changes}
    assert explanation.level != "certified"


def test_confirmed_cell_is_not_changed_among_several_errors() -> None:
    """Two numbers with all their totals are wrong, and a person confirmed a number of one of the columns."""
    table, name = tables()[1], "applications"
    cells = dict(table.truth)
    for place, step in (("granted/natural_person", 30), ("partly_granted/business", 5)):
        row, column = place.split("/")
        for cell in (place, f"{row}/total", f"handled/{column}", "handled/total"):
            cells[f"{name}/{cell}"] += step
    confirmed = {f"{name}/unable.not_held/natural_person", f"{name}/new/business"}
    component = next(c for c in form_edit_set(table.form).components if len(c.variables) > 100)
    values = record(table, {**cells})
    (free,) = explain(component, values, RecordContext(table.rows, table.columns))
    assert confirmed <= {c.variable for h in free.hypotheses for c in h.changes}
    context = RecordContext(table.rows, table.columns, confirmed=frozenset(confirmed))
    (explanation,) = explain(component, values, context)
    # The hypotheses that change neither of the two stay.
    untouched = [h for h in free.hypotheses if confirmed.isdisjoint(c.variable for c in h.changes)]
    assert {h.changes for h in untouched} == {h.changes for h in explanation.hypotheses}
    assert not confirmed & {c.variable for h in explanation.hypotheses for c in h.changes}


def test_doubtful_cell_is_suspected_first() -> None:
    one_sum = EditSet(["1a", "1b", "1t"], [SUMS[0], *BOUNDS[:3]])
    wrong: dict[str, Decimal | None] = {"1a": Decimal(410), "1b": Decimal(28), "1t": Decimal(433)}
    assert explain_one(wrong, one_sum).level == "unresolved"
    explanation = explain_one(wrong, one_sum, doubtful=frozenset({"1b"}))
    assert best_changes(explanation) == {"1b": 23}


def test_prose_decides_between_equal_hypotheses() -> None:
    prose = Edit({"prose": 1, "1t": -1}, "==", 0, "prose", hard=False)
    one_sum = EditSet(["1a", "1b", "1t", "prose"], [SUMS[0], *BOUNDS[:3], prose])
    wrong: dict[str, Decimal | None] = {
        "1a": Decimal(410),
        "1b": Decimal(23),
        "1t": Decimal(438),
        "prose": Decimal(433),
    }
    explanation = explain_one(wrong, one_sum)
    assert (explanation.level, best_changes(explanation)) == ("explained", {"1t": 433})
    assert explain_one({**wrong, "prose": Decimal(438)}, one_sum).hypotheses[0].changes[0].variable != "1t"


def test_exchanged_neighbours_and_shifted_row_are_explained() -> None:
    explanation = explain_one({**TRUTH, "2a": Decimal(602), "2b": Decimal(57)})
    assert (explanation.level, explanation.hypotheses[0].changes[0].mechanism) == ("explained", "swapped")
    assert best_changes(explanation) == {"2a": 57, "2b": 602}
    slid = explain_one({**TRUTH, "1a": Decimal(23), "1b": Decimal(433), "1t": None})
    assert slid.hypotheses[0].changes[0].mechanism == "slid"
    assert best_changes(slid) == {"1a": 410, "1b": 23, "1t": 433}


def test_each_broken_component_has_one_explanation() -> None:
    table = tables()[1]
    cells = record(table, dict(table.truth))
    cells["applications/granted/natural_person"] = Decimal(1)
    cells["review_litigation/review/upheld"] = Decimal(7)
    explanations = explain(form_edit_set(table.form), cells, RecordContext(table.rows, table.columns))
    assert len(explanations) == 2
    assert {e.name.partition("@")[0] for e in explanations[1].broken_edits} == {"rl.total"}


def test_too_many_errors_are_left_unresolved() -> None:
    random = Random(5)
    table = tables()[1]
    cells = {c: Decimal(random.randrange(1000)) for c in table.truth}
    (explanation,) = explain(
        form_edit_set(table.form), record(table, {**cells}), RecordContext(table.rows, table.columns)
    )
    assert (explanation.level, explanation.hypotheses) == ("unresolved", ())
