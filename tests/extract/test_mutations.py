"""Every mutation of the tables: all untouched cells right, the touched one marked for what it is."""

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

SURE = 0.8
REPORTS = {"2019": "2019/411200.html", "2021": "2024/320800.html"}


@pytest.fixture(scope="module")
def truths() -> dict[str, Extraction]:
    return {code: extract(read(ROOT / "data" / "raw" / path), load_register()) for code, path in REPORTS.items()}


@pytest.mark.parametrize("code", REPORTS)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
@pytest.mark.parametrize("format_", ["html", "text"])
def test_mutation(truths: dict[str, Extraction], mutation: Mutation, code: str, format_: str) -> None:
    printed = {c.address: c.raw for c in truths[code].cells}
    right = {c.address: c.value for c in truths[code].cells}
    tables, touched = mutated(code, printed, mutation)
    taken = extract(read_bytes(as_html(tables) if format_ == "html" else as_text(tables)), load_register())
    found = {c.address: c for c in taken.cells}
    told = {a for f in taken.findings for a in f.cells}
    wrong = {a for a in right if a in found and found[a].value != right[a] and a not in touched}
    silent = {a for a in wrong if found[a].confidence >= SURE and a not in told}
    assert not silent
    if mutation.becomes == "told":
        assert not wrong
        doubted = {a for a, c in found.items() if c.confidence < SURE}
        assert touched <= told | doubted | {a for a, c in found.items() if c.kind == "text"}
        assert {a for a in right if a not in found} <= told
    else:
        assert (set(right) - set(found), wrong) == (set(), set())
        if mutation.becomes != "same":
            assert {found[a].kind for a in touched} == {mutation.becomes}
            assert {found[a].value for a in touched} == {None}
        else:
            assert not [f for f in taken.findings if f.severity == "error"]


def test_the_figures_are_worth_moving(truths: dict[str, Extraction]) -> None:
    for code, taken in truths.items():
        assert len(taken.cells) == len(forms()[code].addresses(forms()[code].printed))
        assert len({c.value for c in taken.cells}) > 20
        assert any(c.value and c.value > Decimal(10**6) for c in taken.cells)
