from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import Extraction, Proposal
from pipeline.edit.review import derive_missing_cells, form_edit_set, propose_corrections
from pipeline.report import prose_values, read_report

RAW = ROOT / "data" / "raw"
REPORTS = ("2019/411200.html", "2023/321300.html", "2024/321300.html", "2024/320800.html")


def values_of(extraction: Extraction) -> dict[str, Decimal | None]:
    """Return the values of cells and prose by address."""
    return {c.address: c.value for c in extraction.cells} | prose_values(extraction)


def proposals_of(extraction: Extraction) -> tuple[Proposal, ...]:
    return propose_corrections(forms()[extraction.form], values_of(extraction), extraction.cells, frozenset())


def with_text(extraction: Extraction, address: str, raw: str) -> Extraction:
    """Return the report with another printed text in this cell."""
    value = Decimal(raw) if raw else None
    changed = (
        replace(c, raw=raw, value=value, kind="number" if raw else "blank")
        for c in extraction.cells
        if c.address == address
    )
    other_cells = tuple(c for c in extraction.cells if c.address != address)
    return replace(extraction, cells=(*other_cells, *changed))


def test_every_hard_identity_is_a_hard_edit_and_counts_are_not_negative() -> None:
    for code, form in forms().items():
        edits = form_edit_set(code)
        assert len(edits.edits) == len(form.instances) + sum(len(e.coef) == 1 for e in edits.edits)
        assert {e.name.partition("@")[0] for e in edits.edits if e.hard and len(e.coef) > 1} == {
            i.id for i in form.identities if i.severity == "error"
        }
        assert not any(e.hard for e in edits.edits if any(v.startswith("narrative/") for v in e.coef))


@pytest.mark.parametrize("path", REPORTS)
def test_real_reports_have_no_proposal_and_at_most_one_derived_blank(path: str) -> None:
    extraction = read_report(RAW / path)
    assert proposals_of(extraction) == ()
    derived = derive_missing_cells(forms()[extraction.form], values_of(extraction), extraction.cells)
    blank = {"applications/carried_out/natural_person": Decimal(0)} if path.startswith("2019") else {}
    assert {d.cell: d.value for d in derived} == blank
    assert all(d.unit == "件" and len(d.identities) == 2 for d in derived)


def test_published_text_of_sanmenxia_gives_the_same_derivation(shared: Path) -> None:
    extraction = read_report(shared / "reports" / "sanmenxia-2019.txt")
    (derived,) = derive_missing_cells(forms()[extraction.form], values_of(extraction), extraction.cells)
    assert derived.cell == "applications/carried_out/natural_person"
    assert derived.value == 0
    assert proposals_of(extraction) == ()


def test_wrong_cell_gives_one_proposal_with_text_and_identities() -> None:
    extraction = with_text(read_report(RAW / "2024/321300.html"), "applications/granted/natural_person", "1480")
    (proposal,) = proposals_of(extraction)
    assert proposal.cell == proposal.anchor == "applications/granted/natural_person"
    assert (proposal.level, proposal.printed_text) == ("certified", "1480")
    assert proposal.implied == 1408
    assert proposal.operation == "transposed"
    assert set(proposal.identities) == {
        "app.row_total@applications/granted/total",
        "app.handled@applications/handled/natural_person",
    }


def test_group_of_distance_two_is_unresolved_with_alternatives() -> None:
    extraction = with_text(read_report(RAW / "2024/321300.html"), "review_litigation/review/upheld", "90")
    (proposal,) = proposals_of(extraction)
    assert (proposal.level, proposal.implied, proposal.printed_text) == ("unresolved", None, "")
    cells = {f"review_litigation/review/{c}" for c in ("upheld", "corrected", "other", "pending", "total")}
    assert cells <= {re.sub(" .*", "", a) for a in proposal.alternatives}
    assert cells <= set(proposal.suspects)


def test_cells_that_are_wrong_together_share_an_anchor() -> None:
    extraction = read_report(RAW / "2024/321300.html")
    row = [f"applications/granted/{c}" for c in ("natural_person", "business")]
    first, second = (next(c.raw for c in extraction.cells if c.address == a) for a in row)
    swapped = with_text(with_text(extraction, row[0], second), row[1], first)
    assert {(p.cell, p.anchor, p.operation) for p in proposals_of(swapped)} == {(a, row[0], "swapped") for a in row}


def test_not_applicable_mark_is_kept_and_missing_cell_is_derived() -> None:
    extraction = read_report(RAW / "2024/321300.html")
    address = "applications/granted/business"
    truth = next(c.value for c in extraction.cells if c.address == address)
    with_dash = replace(
        extraction,
        cells=tuple(
            replace(c, raw="/", value=None, kind="na") if c.address == address else c for c in extraction.cells
        ),
    )
    assert derive_missing_cells(forms()["2021"], values_of(with_dash), with_dash.cells) == ()
    without_cell = replace(extraction, cells=tuple(c for c in extraction.cells if c.address != address))
    assert {
        d.cell: d.value for d in derive_missing_cells(forms()["2021"], values_of(without_cell), without_cell.cells)
    } == {address: truth}


def test_nothing_is_derived_where_other_cells_are_inconsistent() -> None:
    extraction = with_text(read_report(RAW / "2019/411200.html"), "applications/carried_out/business", "5")
    assert derive_missing_cells(forms()["2019"], values_of(extraction), extraction.cells) == ()
    (proposal, *_) = proposals_of(extraction)
    assert proposal.cell == "applications/carried_out/business"
    assert proposal.implied == 0


def test_blank_zeros_are_derived_and_a_wrong_cell_among_them_is_explained() -> None:
    extraction = read_report(RAW / "2024/321300.html")
    zeros = [c.address for c in extraction.cells if c.value == 0 and c.table == "applications"]
    cells = tuple(replace(c, raw="", value=None, kind="blank") if c.address in zeros else c for c in extraction.cells)
    blank = replace(extraction, cells=cells)
    assert len(zeros) > 80
    assert {d.cell: d.value for d in derive_missing_cells(forms()["2021"], values_of(blank), cells)} == dict.fromkeys(
        zeros, 0
    )
    assert proposals_of(blank) == ()
    wrong = with_text(blank, "applications/granted/natural_person", "1480")
    (proposal,) = proposals_of(wrong)
    assert (proposal.cell, proposal.level) == ("applications/granted/natural_person", "explained")
    assert proposal.implied == 1408


def test_blank_assumed_to_be_zero_has_no_printed_value_in_the_proposal() -> None:
    extraction = read_report(RAW / "2024/321300.html")
    zeros = {c.address for c in extraction.cells if c.value == 0 and c.table == "applications"}
    blanks = zeros | {"applications/granted/business"}
    cells = tuple(replace(c, raw="", value=None, kind="blank") if c.address in blanks else c for c in extraction.cells)
    wrong = with_text(replace(extraction, cells=cells), "applications/granted/natural_person", "1480")
    proposals = {p.cell: p for p in proposals_of(wrong)}
    assert proposals["applications/granted/business"].printed_value is None
    assert proposals["applications/granted/business"].implied == 21
    assert proposals["applications/granted/natural_person"].printed_value == 1480
