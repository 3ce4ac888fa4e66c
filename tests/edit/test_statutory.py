from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.form import forms
from pipeline.core.model import Finding
from pipeline.edit.statutory import confront_form

FORM = forms()["2021"]
ZERO = dict.fromkeys(FORM.addresses(), Decimal(0))


def outcome(values: Mapping[str, Decimal | None]) -> dict[tuple[str, str], Finding]:
    return {(f.identity, f.place): f for f in confront_form([values], FORM)[0]}


def failing(values: Mapping[str, Decimal | None]) -> set[tuple[str, str]]:
    return {k for k, f in outcome(values).items() if f.status == "fail"}


def test_all_zero_passes() -> None:
    assert {f.status for f in outcome(dict(ZERO)).values()} == {"pass"}
    assert len(outcome(dict(ZERO))) == len(FORM.instances)


def test_one_wrong_cell_breaks_its_row_its_balance_and_its_column() -> None:
    broken = {**ZERO, "applications/granted/business": Decimal(3)}
    assert failing(broken) == {
        ("app.row_total", "applications/granted/total"),
        ("app.handled", "applications/handled/business"),
    }
    finding = outcome(broken)["app.row_total", "applications/granted/total"]
    assert (finding.lhs, finding.rhs) == (Decimal(0), Decimal(3))
    assert finding.severity == "error"
    assert "applications/granted/business" in finding.cells


def test_a_blank_is_unknown_not_zero() -> None:
    blank = {**ZERO, "applications/granted/business": None}
    statuses = {k: f.status for k, f in outcome(blank).items()}
    assert statuses["app.row_total", "applications/granted/total"] == "unknown"
    assert statuses["app.handled", "applications/handled/business"] == "unknown"
    assert statuses["app.row_total", "applications/new/total"] == "pass"
    absent = {a: v for a, v in ZERO.items() if a != "applications/granted/business"}
    assert {k: f.status for k, f in outcome(absent).items()} == statuses


def test_an_inequality_bites_one_way_only() -> None:
    form = forms()["2019"]
    zero = dict.fromkeys(form.addresses(), Decimal(0))
    less = {**zero, "proactive/normative_documents/disclosed": Decimal(2)}
    more = {**zero, "proactive/normative_documents/total_disclosed": Decimal(2)}
    by_status = [{f.identity for f in found if f.status == "fail"} for found in confront_form([less, more], form)]
    assert by_status == [{"pro.disclosed", "narrative.normative_documents"}, set()]


def test_a_cent_is_a_difference() -> None:
    values = {**ZERO, "applications/new/total": Decimal("0.000001")}
    assert outcome(values)["app.row_total", "applications/new/total"].lhs == Decimal("0.000001")
    assert ("app.row_total", "applications/new/total") in failing(values)


@given(st.lists(st.integers(0, 10**11), min_size=6, max_size=6), st.integers(-3, 3))
def test_row_total_is_exact(parts: list[int], slip: int) -> None:
    columns = ("natural_person", "business", "research", "public_welfare", "legal_service", "other_org")
    values = ZERO | {f"applications/new/{c}": Decimal(p) for c, p in zip(columns, parts, strict=True)}
    values["applications/new/total"] = Decimal(sum(parts) + slip)
    assert (("app.row_total", "applications/new/total") in failing(values)) == (slip != 0)


def test_each_identity_of_each_form_can_fail() -> None:
    for form in forms().values():
        zero = dict.fromkeys(form.addresses(), Decimal(0))
        for instance in form.instances:
            wrong = instance.right[0] if instance.identity.relation == ">=" else instance.left[0]
            (found,) = confront_form([{**zero, wrong: Decimal(1)}], form)
            assert any(
                f.place == instance.at and f.identity == instance.identity.id and f.status == "fail" for f in found
            )
