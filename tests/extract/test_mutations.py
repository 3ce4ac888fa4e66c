"""Check every mutation of the tables: untouched cells keep their values, touched cells are marked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.mutations import MUTATIONS, Mutation, as_html, as_text, mutated
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.model import Extraction
from pipeline.extract import extract
from pipeline.read import read, read_bytes
from pipeline.registry.load import load_register

SURE_CONFIDENCE = 0.8
REPORTS = {"2019": "2019/411200.html", "2021": "2024/320800.html"}


@pytest.fixture(scope="module")
def truths() -> dict[str, Extraction]:
    return {code: extract(read(ROOT / "data" / "raw" / path), load_register()) for code, path in REPORTS.items()}


@pytest.mark.parametrize("code", REPORTS)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
@pytest.mark.parametrize("format_", ["html", "text"])
def test_mutation_changes_no_untouched_cell_silently(
    truths: dict[str, Extraction], mutation: Mutation, code: str, format_: str
) -> None:
    printed_texts = {c.address: c.raw for c in truths[code].cells}
    expected_values = {c.address: c.value for c in truths[code].cells}
    tables, touched_addresses = mutated(code, printed_texts, mutation)
    extraction = extract(read_bytes(as_html(tables) if format_ == "html" else as_text(tables)), load_register())
    cells = {c.address: c for c in extraction.cells}
    reported_addresses = {address for finding in extraction.findings for address in finding.cells}
    wrong_addresses = {
        a for a in expected_values if a in cells and cells[a].value != expected_values[a] and a not in touched_addresses
    }
    silent_addresses = {
        a for a in wrong_addresses if cells[a].confidence >= SURE_CONFIDENCE and a not in reported_addresses
    }
    assert not silent_addresses
    if mutation.becomes == "told":
        assert not wrong_addresses
        doubted_addresses = {a for a, c in cells.items() if c.confidence < SURE_CONFIDENCE}
        assert touched_addresses <= reported_addresses | doubted_addresses | {
            a for a, c in cells.items() if c.kind == "text"
        }
        assert {a for a in expected_values if a not in cells} <= reported_addresses
    else:
        assert (set(expected_values) - set(cells), wrong_addresses) == (set(), set())
        if mutation.becomes != "same":
            assert {cells[a].kind for a in touched_addresses} == {mutation.becomes}
            assert {cells[a].value for a in touched_addresses} == {None}
        else:
            assert not [f for f in extraction.findings if f.severity == "error"]


def test_sample_reports_have_full_tables_of_varied_values(truths: dict[str, Extraction]) -> None:
    """Moving a value would go unnoticed in a table of equal values."""
    for code, extraction in truths.items():
        assert len(extraction.cells) == len(forms()[code].addresses(forms()[code].printed_tables))
        assert len({c.value for c in extraction.cells}) > 20
        assert any(c.value and c.value > Decimal(10**6) for c in extraction.cells)
