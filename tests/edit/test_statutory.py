from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.form import forms
from pipeline.core.model import Finding
from pipeline.edit.statutory import confront_form

FORM = forms()["2021"]
ALL_ZERO = dict.fromkeys(FORM.addresses(), Decimal(0))


def findings_by_place(values: Mapping[str, Decimal | None]) -> dict[tuple[str, str], Finding]:
    """Return the findings of one report, by identity and place."""
    return {(f.identity, f.place): f for f in confront_form([values], FORM)[0]}


def failing_places(values: Mapping[str, Decimal | None]) -> set[tuple[str, str]]:
    return {k for k, f in findings_by_place(values).items() if f.status == "fail"}


def test_report_of_zeros_passes_every_identity() -> None:
    assert {f.status for f in findings_by_place(dict(ALL_ZERO)).values()} == {"pass"}
    assert len(findings_by_place(dict(ALL_ZERO))) == len(FORM.instances)


def test_wrong_cell_breaks_its_row_total_and_its_column_sum() -> None:
    broken = {**ALL_ZERO, "applications/granted/business": Decimal(3)}
    assert failing_places(broken) == {
        ("app.row_total", "applications/granted/total"),
        ("app.handled", "applications/handled/business"),
    }
    finding = findings_by_place(broken)["app.row_total", "applications/granted/total"]
    assert (finding.lhs, finding.rhs) == (Decimal(0), Decimal(3))
    assert finding.severity == "error"
    assert "applications/granted/business" in finding.cells


def test_blank_cell_stays_unknown() -> None:
    blank = {**ALL_ZERO, "applications/granted/business": None}
    statuses = {k: f.status for k, f in findings_by_place(blank).items()}
    assert statuses["app.row_total", "applications/granted/total"] == "unknown"
    assert statuses["app.handled", "applications/handled/business"] == "unknown"
    assert statuses["app.row_total", "applications/new/total"] == "pass"
    absent = {a: v for a, v in ALL_ZERO.items() if a != "applications/granted/business"}
    assert {k: f.status for k, f in findings_by_place(absent).items()} == statuses


def test_inequality_fails_in_one_direction_only() -> None:
    form = forms()["2019"]
    zero = dict.fromkeys(form.addresses(), Decimal(0))
    less = {**zero, "proactive/normative_documents/disclosed": Decimal(2)}
    more = {**zero, "proactive/normative_documents/total_disclosed": Decimal(2)}
    by_status = [{f.identity for f in findings if f.status == "fail"} for findings in confront_form([less, more], form)]
    assert by_status == [{"pro.disclosed", "narrative.normative_documents"}, set()]


def test_difference_of_one_millionth_fails() -> None:
    values = {**ALL_ZERO, "applications/new/total": Decimal("0.000001")}
    assert findings_by_place(values)["app.row_total", "applications/new/total"].lhs == Decimal("0.000001")
    assert ("app.row_total", "applications/new/total") in failing_places(values)


@given(st.lists(st.integers(0, 10**11), min_size=6, max_size=6), st.integers(-3, 3))
def test_row_total_is_exact(parts: list[int], slip: int) -> None:
    columns = ("natural_person", "business", "research", "public_welfare", "legal_service", "other_org")
    values = ALL_ZERO | {f"applications/new/{c}": Decimal(p) for c, p in zip(columns, parts, strict=True)}
    values["applications/new/total"] = Decimal(sum(parts) + slip)
    assert (("app.row_total", "applications/new/total") in failing_places(values)) == (slip != 0)


def test_each_identity_of_each_form_can_fail() -> None:
    for form in forms().values():
        zero = dict.fromkeys(form.addresses(), Decimal(0))
        for instance in form.instances:
            wrong = instance.right[0] if instance.identity.relation == ">=" else instance.left[0]
            (findings,) = confront_form([{**zero, wrong: Decimal(1)}], form)
            assert any(
                f.place == instance.place and f.identity == instance.identity.id and f.status == "fail"
                for f in findings
            )
