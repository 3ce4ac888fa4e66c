from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import Extraction, Proposal
from pipeline.edit.review import derivations, edit_set, propose
from pipeline.report import prose_values, read_report

RAW = ROOT / "data" / "raw"
REPORTS = ("2019/411200.html", "2023/321300.html", "2024/321300.html", "2024/320800.html")


def values(taken: Extraction) -> dict[str, Decimal | None]:
    return {c.address: c.value for c in taken.cells} | prose_values(taken)


def proposed(taken: Extraction) -> tuple[Proposal, ...]:
    return propose(forms()[taken.form], values(taken), taken.cells, frozenset())


def with_text(taken: Extraction, address: str, raw: str) -> Extraction:
    """The report as if this cell printed something else."""
    value = Decimal(raw) if raw else None
    changed = (
        replace(c, raw=raw, value=value, kind="number" if raw else "blank") for c in taken.cells if c.address == address
    )
    kept = tuple(c for c in taken.cells if c.address != address)
    return replace(taken, cells=(*kept, *changed))


def test_every_hard_identity_is_an_edit_and_counts_are_not_negative() -> None:
    for code, form in forms().items():
        edits = edit_set(code)
        assert len(edits.edits) == len(form.instances) + sum(len(e.coef) == 1 for e in edits.edits)
        assert {e.name.partition("@")[0] for e in edits.edits if e.hard and len(e.coef) > 1} == {
            i.id for i in form.identities if i.severity == "error"
        }
        assert not any(e.hard for e in edits.edits if any(v.startswith("narrative/") for v in e.coef))


@pytest.mark.parametrize("path", REPORTS)
def test_real_reports_need_no_proposal_and_only_one_blank_follows(path: str) -> None:
    taken = read_report(RAW / path)
    assert proposed(taken) == ()
    derived = derivations(forms()[taken.form], values(taken), taken.cells)
    blank = {"applications/carried_out/natural_person": Decimal(0)} if path.startswith("2019") else {}
    assert {d.cell: d.value for d in derived} == blank
    assert all(d.unit == "件" and len(d.identities) == 2 for d in derived)


def test_the_published_text_of_sanmenxia_gives_the_same(shared: Path) -> None:
    taken = read_report(shared / "reports" / "sanmenxia-2019.txt")
    (derived,) = derivations(forms()[taken.form], values(taken), taken.cells)
    assert derived.cell == "applications/carried_out/natural_person"
    assert derived.value == 0
    assert proposed(taken) == ()


def test_a_wrong_cell_is_one_proposal_with_its_text_and_identities() -> None:
    taken = with_text(read_report(RAW / "2024/321300.html"), "applications/granted/natural_person", "1480")
    (proposal,) = proposed(taken)
    assert proposal.cell == proposal.anchor == "applications/granted/natural_person"
    assert (proposal.level, proposal.printed_text) == ("certified", "1480")
    assert proposal.implied == 1408
    assert proposal.operation == "transposed"
    assert set(proposal.identities) == {
        "app.row_total@applications/granted/total",
        "app.handled@applications/handled/natural_person",
    }


def test_a_group_of_distance_two_is_unresolved_with_its_alternatives() -> None:
    taken = with_text(read_report(RAW / "2024/321300.html"), "review_litigation/review/upheld", "90")
    (proposal,) = proposed(taken)
    assert (proposal.level, proposal.implied, proposal.printed_text) == ("unresolved", None, "")
    assert {re.sub("=.*", "", a) for a in proposal.alternatives} == {
        f"review_litigation/review/{c}" for c in ("upheld", "corrected", "other", "pending", "total")
    }


def test_cells_that_are_wrong_together_share_an_anchor() -> None:
    taken = read_report(RAW / "2024/321300.html")
    row = [f"applications/granted/{c}" for c in ("natural_person", "business")]
    first, second = (next(c.raw for c in taken.cells if c.address == a) for a in row)
    swapped = with_text(with_text(taken, row[0], second), row[1], first)
    assert {(p.cell, p.anchor, p.operation) for p in proposed(swapped)} == {(a, row[0], "swapped") for a in row}


def test_a_mark_for_not_applicable_is_left_and_a_missing_cell_follows() -> None:
    taken = read_report(RAW / "2024/321300.html")
    address = "applications/granted/business"
    truth = next(c.value for c in taken.cells if c.address == address)
    dash = replace(
        taken,
        cells=tuple(replace(c, raw="/", value=None, kind="na") if c.address == address else c for c in taken.cells),
    )
    assert derivations(forms()["2021"], values(dash), dash.cells) == ()
    gone = replace(taken, cells=tuple(c for c in taken.cells if c.address != address))
    assert {d.cell: d.value for d in derivations(forms()["2021"], values(gone), gone.cells)} == {address: truth}


def test_nothing_is_derived_where_the_rest_does_not_add_up() -> None:
    taken = with_text(read_report(RAW / "2019/411200.html"), "applications/carried_out/business", "5")
    assert derivations(forms()["2019"], values(taken), taken.cells) == ()
    (proposal, *_) = proposed(taken)
    assert proposal.cell == "applications/carried_out/business"
    assert proposal.implied == 0


def test_zeros_left_blank_follow_and_a_wrong_cell_among_them_is_found() -> None:
    taken = read_report(RAW / "2024/321300.html")
    zeros = [c.address for c in taken.cells if c.value == 0 and c.table == "applications"]
    cells = tuple(replace(c, raw="", value=None, kind="blank") if c.address in zeros else c for c in taken.cells)
    blank = replace(taken, cells=cells)
    assert len(zeros) > 80
    assert {d.cell: d.value for d in derivations(forms()["2021"], values(blank), cells)} == dict.fromkeys(zeros, 0)
    assert proposed(blank) == ()
    wrong = with_text(blank, "applications/granted/natural_person", "1480")
    (proposal,) = proposed(wrong)
    assert (proposal.cell, proposal.level) == ("applications/granted/natural_person", "explained")
    assert proposal.implied == 1408


def test_a_blank_that_was_taken_for_zero_is_still_blank_in_the_proposal() -> None:
    taken = read_report(RAW / "2024/321300.html")
    zeros = {c.address for c in taken.cells if c.value == 0 and c.table == "applications"}
    blanks = zeros | {"applications/granted/business"}
    cells = tuple(replace(c, raw="", value=None, kind="blank") if c.address in blanks else c for c in taken.cells)
    wrong = with_text(replace(taken, cells=cells), "applications/granted/natural_person", "1480")
    found = {p.cell: p for p in proposed(wrong)}
    assert found["applications/granted/business"].printed_value is None
    assert found["applications/granted/business"].implied == 21
    assert found["applications/granted/natural_person"].printed_value == 1480
