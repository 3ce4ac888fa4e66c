"""Totals that the office's workbook computes: known from its formulas, and wrong ranges named by their place."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from support.project import ROOT

from pipeline.core.alternatives import read_alternative
from pipeline.core.form import forms
from pipeline.core.model import Extraction, Proposal
from pipeline.edit.formulas import check_formulas, computed_cells
from pipeline.edit.review import Evidence, form_edit_set, propose_corrections
from pipeline.extract import extract
from pipeline.publish.form.fill import FilledForm, FormCell
from pipeline.publish.form.report_template import compose, shipped_template
from pipeline.publish.form.xlsx import write_xlsx
from pipeline.read import read_bytes
from pipeline.read.sheet.shared_formulas import shift_references
from pipeline.registry.load import load_register
from pipeline.report import read_report

REAL = ROOT / "data" / "raw" / "2024" / "321300.html"
FORM = forms()["2021"]
EDITS = form_edit_set("2021")


def workbook(changes: dict[str, int]) -> bytes:
    """Return a workbook with the numbers of a real report, some of them changed, and formulas where totals add up."""
    values = {c.address: c.value for c in read_report(REAL).cells} | {a: Decimal(v) for a, v in changes.items()}
    cells = {a: FormCell(a, values.get(a)) for a in FORM.addresses()}
    filled = FilledForm(FORM, "321300", "宿迁市人民政府", 2024, "reported", cells)
    return write_xlsx(filled, compose(filled, shipped_template()))


def read_workbook(data: bytes) -> Extraction:
    return extract(read_bytes(data), load_register())


def proposals_of(extraction: Extraction, *, with_formulas: bool) -> tuple[Proposal, ...]:
    values = {c.address: c.value for c in extraction.cells}
    computed = computed_cells(extraction, EDITS, values) if with_formulas else frozenset()
    return propose_corrections(FORM, values, extraction.cells, frozenset(), Evidence(computed))


def changed_cells(proposal: Proposal) -> list[set[str]]:
    """Return the cells that each explanation changes."""
    return [{c.cell for c in read_alternative(text)} for text in proposal.alternatives]


def test_formulas_of_a_workbook_are_the_totals_that_add_up() -> None:
    extraction = read_workbook(workbook({}))
    values = {c.address: c.value for c in extraction.cells}
    computed = computed_cells(extraction, EDITS, values)
    assert {"applications/granted/total", "applications/handled/business", "review_litigation/review/total"} <= computed
    assert "applications/granted/business" not in computed
    assert check_formulas(extraction, EDITS) == []


def test_a_formula_is_never_wrong_by_itself() -> None:
    """The real number is 1408; all totals follow from the wrong one."""
    changes = {"granted/natural_person": 1438, "granted/total": 1470, "handled/natural_person": 2962}
    truth = {c.address: c.value for c in read_report(REAL).cells}
    step = changes["granted/natural_person"] - int(truth["applications/granted/natural_person"] or 0)
    totals = ("granted/total", "handled/natural_person", "handled/total")
    wrong = {f"applications/{t}": int(truth[f"applications/{t}"] or 0) + step for t in totals}
    wrong["applications/granted/natural_person"] = changes["granted/natural_person"]
    extraction = read_workbook(workbook(wrong))
    (proposal,) = proposals_of(extraction, with_formulas=True)
    cells = changed_cells(proposal)
    assert set(wrong) in cells
    computed = computed_cells(extraction, EDITS, {c.address: c.value for c in extraction.cells})
    assert all(changed - computed for changed in cells)
    (without,) = proposals_of(replace(extraction, formulas={}), with_formulas=True)
    assert set(proposal.alternatives) <= set(without.alternatives)


def replace_formula(data: bytes, old: str, new: str) -> bytes:
    """Return the workbook with a formula changed; its stored values stay."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            text = source.read(name)
            if name.startswith("xl/worksheets/"):
                text = re.sub(re.escape(old).encode(), new.encode(), text)
            archive.writestr(name, text)
    return target.getvalue()


def test_a_formula_that_adds_up_the_wrong_cells_is_named_by_its_place() -> None:
    data = workbook({})
    extraction = read_workbook(data)
    address = "applications/granted/total"
    assert extraction.formulas[address] == '=IF(COUNT(D8:I8)=6,SUM(D8:I8),"")'
    changed = read_workbook(replace_formula(data, "SUM(D8:I8)", "SUM(D8:H8)"))
    (finding,) = check_formulas(changed, EDITS)
    assert (finding.identity, finding.place, finding.severity) == ("formula.range", address, "warning")
    assert finding.note == '三、依申请公开!J8 =IF(COUNT(D8:I8)=6,SUM(D8:H8),"") → =SUM(D8:I8)'
    assert address not in computed_cells(changed, EDITS, {c.address: c.value for c in changed.cells})


def test_formulas_that_were_filled_down_are_known() -> None:
    """Excel stores such a formula with its first cell only."""
    data = workbook({})
    formula = '<f>IF(COUNT(D8:I8)=6,SUM(D8:I8),"")</f>'
    shared = '<f t="shared" ref="J8:J10" si="0">IF(COUNT(D8:I8)=6,SUM(D8:I8),"")</f>'
    for number in (9, 10):
        old = f'<f>IF(COUNT(D{number}:I{number})=6,SUM(D{number}:I{number}),"")</f>'
        data = replace_formula(data, old, '<f t="shared" si="0"/>')
    plain, filled = read_workbook(workbook({})), read_workbook(replace_formula(data, formula, shared))
    assert filled.formulas == plain.formulas
    assert filled.cells == plain.cells


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(D8:I8)", "SUM(E10:J10)"),
        ("SUM($D8:I$8)+$A$1", "SUM($D10:J$8)+$A$1"),
        ("IF(A1=\"D8\",LOG10(B2),'D8'!C3)", "IF(B3=\"D8\",LOG10(C4),'D8'!D5)"),
        ("Z1+AZ1", "AA3+BA3"),
    ],
)
def test_references_are_shifted_and_texts_are_not(formula: str, expected: str) -> None:
    assert shift_references(formula, 2, 1) == expected
    assert shift_references(formula, 0, 0) == formula


def test_reference_outside_the_sheet_is_unknown() -> None:
    assert shift_references("SUM(A1:B2)", -1, 0) == "?"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM(B2:D2)", {(0, 1, 1), (0, 1, 2), (0, 1, 3)}),
        ("=B2+$C$2", {(0, 1, 1), (0, 1, 2)}),
        ("=+sum(b2, c2)+D2", {(0, 1, 1), (0, 1, 2), (0, 1, 3)}),
        ('=IF(COUNT(B2:C2)=2,SUM(B2:C2),"")', {(0, 1, 1), (0, 1, 2)}),
        ('=IF(SUM(B2:C2)=0,"",SUM(B2:C2))', {(0, 1, 1), (0, 1, 2)}),
        ("=B2-C2", None),
        ("=SUM(Sheet2!B2:B3)", None),
        ("=SUM(B:B)", None),
        ("=SUM(A1:XFD999999)", None),
        ("=?", None),
    ],
)
def test_only_plain_sums_are_understood(formula: str, expected: set[tuple[int, int, int]] | None) -> None:
    from pipeline.edit.formulas import _parse_sum

    assert _parse_sum(formula, 0) == expected
