"""Test the edits on other kinds of report: each is broken by one wrong number, and says which numbers may be wrong."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.core.model import Paragraph, ProseCell
from pipeline.edit.kind_edits import KindReview, places_of, review_kind
from pipeline.extract.kind.prose import read_prose
from pipeline.extract.kind.scope import Scope
from pipeline.registry.load import load_register

INSPECTION = load_register().kinds["inspection"]
TEXT = (
    "正常运行的政府网站40家，其中市直部门28家，县（市、区）12家。检查40家，合格38家，不合格2家，合格率95.00%。"
    "政务新媒体共300个，其中微信公众号200个（市直50个，县区150个）、微博100个。检查300个，不合格30个，合格率90.00%。"
)


def review(text: str, period: tuple[int | None, int] = (None, 0)) -> tuple[KindReview, list[ProseCell]]:
    """Return the review of a bulletin with this text, and its cells."""
    cells, _ = read_prose([Paragraph(text)], Scope(INSPECTION, period))
    values = {cell.address: cell.value for cell in cells}
    return review_kind(INSPECTION, values, cells, frozenset()), cells


def outcomes(text: str, status: str) -> set[tuple[str, str]]:
    """Return the edits with an outcome, by id and place."""
    return {(f.identity, f.place) for f in review(text)[0].findings if f.status == status}


def changed(text: str, cell: ProseCell) -> str:
    """Return the text with one more in the number of a cell."""
    return text[: cell.start] + str(Decimal(cell.raw) + 1) + text[cell.end :]


def test_edits_hold_on_right_numbers() -> None:
    assert outcomes(TEXT, "fail") == set()
    assert len(outcomes(TEXT, "pass")) >= 8


def test_every_changed_number_breaks_an_edit() -> None:
    _, cells = review(TEXT)
    assert len(cells) >= 14
    unseen = [cell.address for cell in cells if not outcomes(changed(TEXT, cell), "fail")]
    assert unseen == []


def test_edits_of_the_given_bulletins_hold_and_break(shared: Path) -> None:
    for case in json.loads((shared / "inspections" / "cases.json").read_text(encoding="utf-8")):
        text, period = case["text"], (case["year"], case["quarter"])
        result, cells = review(text, period)
        held = [finding for finding in result.findings if finding.status == "pass"]
        assert [f.identity for f in result.findings if f.status == "fail"] == [], case["id"]
        assert len(held) >= len(case["holds"]), case["id"]
        for finding in held:
            own = [cell for cell in cells if cell.address in finding.cells and "." not in cell.raw]
            broken = [
                {f.identity for f in review(changed(text, c), period)[0].findings if f.status == "fail"} for c in own
            ]
            # An inequality holds with a larger number on its left side.
            assert any(finding.identity in names for names in broken) or finding.identity.endswith("_running")


def test_proposal_on_a_rate_names_its_printed_numbers() -> None:
    result, _ = review(TEXT.replace("不合格30个", "不合格20个"))
    (proposal,) = result.proposals
    assert set(proposal.suspects) == {f"inspection/new_media.{row}/own" for row in ("pass_rate", "failed", "inspected")}
    assert "inspection/new_media.failed/own 20 -> 30 (mistyped)" in proposal.alternatives
    assert proposal.level == "unresolved"


def test_enumeration_of_one_part_proves_nothing() -> None:
    assert outcomes("政务新媒体共300个，其中微信公众号200个。", "fail") == set()
    assert outcomes("政务新媒体共300个，其中微信公众号200个、微博90个。", "fail") == {
        ("inspection.new_media_by_platform", "inspection/new_media.running/own")
    }


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("检查政务新媒体255个，合格率95.7%。", 244),  # the only whole number that gives 95.7
        ("检查政务新媒体314个，不合格55个。", 259),
        ("检查政务新媒体40000个，合格率95.7%。", None),  # forty numbers give it
        ("检查政务新媒体255个。", None),
        ("检查政务新媒体255个，合格率195.7%。", None),
    ],
)
def test_number_that_passed_is_derived_only_where_it_is_certain(text: str, passed: int | None) -> None:
    derived = {d.cell: d.value for d in review(text)[0].derived}
    assert derived.get("inspection/new_media.passed/own") == passed


def test_places_of_a_rate_are_those_that_are_printed() -> None:
    assert [places_of(text) for text in ("95", "95.7", "82.48%", "８２．４８")] == [0, 1, 2, 2]
    assert outcomes("检查政务新媒体314个，不合格55个，合格率82%。", "fail") == set()
    assert outcomes("检查政务新媒体314个，不合格55个，合格率82.0%。", "fail") != set()
