"""Test the soft edits between reports: each asks about its cause, and not about its neighbours."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.peers import BODIES, find_failed, find_soft, make_report, make_years, usual_values

from pipeline.core.decisions import Decision
from pipeline.core.problems import problems
from pipeline.core.sentences import sentence
from pipeline.registry.bodies import Succession
from pipeline.report import ProcessedReport

FEES, LICENSING, PENALTIES = "proactive/fees/amount", "proactive/licensing/decisions", "proactive/penalties/decisions"
PROCUREMENT = "proactive/procurement/amount"
BODY = 5


def usual(cell: str, year: int = 2024, form: str = "2021") -> int:
    """Return the usual figure of the tested body."""
    value = usual_values(BODY, year, form)[cell]
    assert value is not None
    return int(value)


def asked(reports: list[ProcessedReport]) -> list[tuple[str, str, str]]:
    """Return report, edit and place of each finding."""
    return [(row["report_id"].partition("/")[0], row["identity"], row["place"]) for row in find_soft(reports)]


def test_usual_years_have_no_finding() -> None:
    assert asked(make_years({})) == []


@pytest.mark.parametrize("factor", [10, *(pytest.param(n, marks=pytest.mark.slow) for n in (100, 1000, 10_000))])
@pytest.mark.parametrize("cell", [LICENSING, FEES])
def test_factor_is_found_with_both_numbers_and_the_right_one(cell: str, factor: int) -> None:
    slipped = make_years({(BODY, 2024): {cell: usual(cell) * factor}})
    (finding,) = find_soft(slipped)
    assert (finding["identity"], finding["place"]) == ("year.factor", cell)
    assert (finding["lhs"], finding["rhs"]) == (usual(cell) * factor, usual(cell, 2023))
    assert finding["note"] == f"times={factor}"
    for lang in ("zh", "en"):
        text = sentence(finding, "2021", lang)
        assert f"{usual(cell) * factor:,}" in text
        assert f"{usual(cell)}" in text
        assert f"{factor:,}" in text


def test_amount_in_the_next_larger_unit_is_found() -> None:
    keys = [(number, year) for number in range(1, BODIES + 1) for year in (2023, 2024)]
    large = {(number, year): {FEES: 100 * (usual_values(number, year)[FEES] or 0)} for number, year in keys}
    (finding,) = find_soft(make_years({**large, (BODY, 2024): {FEES: Decimal("0.62")}}))
    assert (finding["identity"], finding["note"]) == ("year.factor", "part=10000")
    assert "6,200" in sentence(finding, "2021", "zh")


@pytest.mark.parametrize(
    "changes",
    [
        {(BODY, 2023): {LICENSING: 3}, (BODY, 2024): {LICENSING: 30}},  # small counts
        {(BODY, 2023): {LICENSING: 0}, (BODY, 2024): {LICENSING: 90}},  # 0 has no ratio
        pytest.param({(BODY, 2023): {LICENSING: None}}, marks=pytest.mark.slow),  # a blank is unknown
        pytest.param({(BODY, 2024): {LICENSING: None}}, marks=pytest.mark.slow),
        pytest.param({(BODY, 2024): {LICENSING: 0}}, marks=pytest.mark.slow),
        pytest.param({(BODY, 2024): {LICENSING: 2 * usual(LICENSING)}}, marks=pytest.mark.slow),
        pytest.param({(BODY, 2024): {LICENSING: usual(LICENSING) // 3}}, marks=pytest.mark.slow),
    ],
)
def test_ordinary_changes_are_not_asked_about(changes: dict[tuple[int, int], dict[str, int | None]]) -> None:
    assert asked(make_years(changes)) == []


def test_year_after_a_slip_is_not_asked_about() -> None:
    assert [year for year, *_ in asked(make_years({(BODY, 2023): {LICENSING: usual(LICENSING) * 1000}}))] == ["2023"]


def test_body_that_grows_as_a_whole_is_not_asked_about() -> None:
    grown = {cell: 100 * value for cell, value in usual_values(BODY, 2024).items() if value is not None}
    assert asked(make_years({(BODY, 2024): grown})) == []


def test_steep_rise_and_fall_without_a_factor_are_asked_about() -> None:
    rise = make_years({(BODY, 2024): {LICENSING: 67 * usual(LICENSING) + 1}})
    assert asked(rise) == [("2024", "year.ratio", LICENSING)]
    assert "是上年的 56.2 倍" in sentence(find_soft(rise)[0], "2021", "zh")
    fall = make_years({(BODY, 2023): {LICENSING: 160}, (BODY, 2024): {LICENSING: 1}})
    assert asked(fall) == [("2024", "year.ratio", LICENSING)]


def test_other_form_is_not_compared() -> None:
    before = [make_report(n, 2020, form="2019") for n in range(1, BODIES + 1)]
    after = [make_report(n, 2021, {FEES: 5} if n == BODY else None) for n in range(1, BODIES + 1)]
    assert asked([*before, *after]) == []
    # 规范性文件: issued counts alike on both forms, so there a factor is found.
    issued = "proactive/normative_documents/issued"
    after[BODY - 1] = make_report(BODY, 2021, {issued: 100 * usual(issued, 2021)})
    assert asked([*before, *after]) == [("2021", "year.factor", issued)]


def test_without_a_year_before_peers_decide() -> None:
    one_year = make_years({(BODY, 2024): {FEES: usual(FEES) * 10_000}}, years=(2024,))
    (finding,) = find_soft(one_year)
    assert (finding["identity"], finding["place"], finding["rhs"]) == ("peer.factor", FEES, usual(FEES))
    far = make_years({(BODY, 2024): {LICENSING: usual(LICENSING) * 50}}, years=(2024,))
    assert asked(far) == [("2024", "peer.gap", LICENSING)]
    assert asked(make_years({(BODY, 2024): {LICENSING: usual(LICENSING) * 2}}, years=(2024,))) == []


def test_procurement_in_yuan_is_found_on_the_form_of_2019() -> None:
    changes = {(BODY, 2020): {PROCUREMENT: usual(PROCUREMENT, 2020, "2019") * 10_000}}
    assert asked(make_years(changes, years=(2020,), form="2019")) == [("2020", "peer.factor", PROCUREMENT)]


def test_single_report_is_compared_with_itself_only() -> None:
    """Without peers, a count is asked about from 30 times on, and money beyond any body's amount at any time."""
    pair = [make_report(BODY, 2023), make_report(BODY, 2024, {LICENSING: usual(LICENSING) * 10})]
    assert asked(pair) == []
    pair[1] = make_report(BODY, 2024, {LICENSING: usual(LICENSING) * 100})
    assert asked(pair) == [("2024", "year.factor", LICENSING)]
    alone = [make_report(BODY, 2024, {FEES: Decimal("11989616.91")})]
    assert asked(alone) == [("2024", "peer.factor", FEES)]
    assert asked([make_report(BODY, 2024, {FEES: Decimal("119896.91")})]) == []
    both_years = [make_report(BODY, year, {FEES: Decimal("11989616.91")}) for year in (2023, 2024)]
    assert [edit for _, edit, _ in asked(both_years)] == ["peer.factor"] * 2


def test_reorganised_bodies_are_compared_with_their_predecessors() -> None:
    """A merger is compared with the sum of the merged, and a split with nothing."""
    reports = make_years({(BODY, 2024): {LICENSING: usual(LICENSING) * 100}})
    ids = [report.body.body_id for report in reports if report.body]
    merged = Succession(ids[0], ids[BODY - 1], 2024, "merged", "")
    (finding,) = find_soft(reports, [merged])
    before = [usual_values(number, 2023)[LICENSING] for number in (1, BODY)]
    assert finding["rhs"] == sum(value for value in before if value)
    split = Succession(ids[0], ids[BODY - 1], 2024, "split", "")
    assert {row["identity"] for row in find_soft(reports, [split])} == {"peer.gap"}


def test_real_and_simulated_reports_are_not_compared() -> None:
    """Neither with a simulated year before, nor with simulated peers."""
    slip = make_report(BODY, 2024, {LICENSING: usual(LICENSING) * 100})
    simulated = [r for r in make_years({}, provenance="simulated") if (r.body, r.source.year) != (slip.body, 2024)]
    assert asked([*simulated, slip]) == []


def test_figure_in_doubt_has_the_message_of_the_identity_only() -> None:
    changes = {(BODY, 2024): {"applications/new/natural_person": 500, "applications/new/total": 50}}
    before = {(BODY, 2023): {"applications/new/natural_person": 50, "applications/new/total": 50}}
    reports = make_years(before | changes)
    assert reports[BODIES + BODY - 1].proposals
    assert asked(reports) == []


def test_report_of_the_year_before_is_one_finding() -> None:
    values = {**usual_values(BODY, 2023), "applications/new/natural_person": 7, "applications/new/total": 7}
    values |= {"applications/granted/natural_person": 7, "applications/granted/total": 7}
    values |= {"applications/handled/natural_person": 7, "applications/handled/total": 7}
    values |= {"proactive/normative_documents/in_force": 40}
    reports = make_years({(BODY, 2023): values, (BODY, 2024): values})
    findings = find_failed(reports)
    (repeated,) = [f for f in findings if f["identity"] == "report.repeated_year"]
    assert not [f for f in findings if f["identity"].startswith("table.")]
    texts = problems([], [f for f in findings if f["report_id"] == repeated["report_id"]], "2021", "zh")["warning"]
    assert len(texts) == 1
    assert "200/200 格，其中不为零的 12 格" in texts[0]


def test_report_of_zeros_or_stocks_may_stay_the_same() -> None:
    zeros = dict.fromkeys(usual_values(BODY, 2024), 0)
    few = {**zeros, "applications/new/natural_person": 1, "applications/new/total": 1}
    few |= {f"applications/{r}/{c}": 1 for r in ("granted", "handled") for c in ("natural_person", "total")}
    few |= {"proactive/normative_documents/in_force": 40, LICENSING: 2, PENALTIES: 2}
    for values in (zeros, few):
        assert asked(make_years({(BODY, 2023): values, (BODY, 2024): values})) == []


def test_report_of_another_body_is_one_finding_for_each() -> None:
    values = {**usual_values(BODY, 2024), "applications/new/natural_person": 7, "applications/new/total": 7}
    values |= {f"applications/{r}/{c}": 7 for r in ("granted", "handled") for c in ("natural_person", "total")}
    reports = make_years({(BODY, 2024): values, (BODY + 4, 2024): values}, years=(2024,))
    assert [(row["identity"], row["place"]) for row in find_soft(reports)] == [("report.repeated_body", "report")] * 2


def test_figure_that_a_person_confirmed_is_not_asked_about_again() -> None:
    value = usual(LICENSING) * 1000
    reports = make_years({(BODY, 2024): {LICENSING: value}})
    slipped = reports[BODIES + BODY - 1]
    assert slipped.body
    confirmed = Decision(slipped.body.body_id, 2024, LICENSING, str(value), None, "已核实", "台账", "张三", "reject")
    slipped.edit([confirmed])
    assert [decision.status for decision in slipped.decisions] == ["applied"]
    assert asked(reports) == []
