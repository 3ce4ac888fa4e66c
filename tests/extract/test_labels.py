"""Read a shipped report with each spelling of `labels.csv` in the place of the form's label."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import pytest
from support.project import ROOT

from pipeline.core.form import forms
from pipeline.core.paths import REFERENCE
from pipeline.extract import extract
from pipeline.extract.labels import get_label_index
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

RAW = ROOT / "data" / "raw"
REPORTS = {"2014": "2018/411202.html", "2019": "2019/411200.html", "2021": "2024/321300.html"}
LINES = list(csv.DictReader((REFERENCE / "labels.csv").open(encoding="utf-8", newline="")))


def read_cells(page: str) -> dict[str, tuple[str, float]]:
    """Return the printed text and confidence of each cell, by address."""
    extraction = extract(read_bytes(page.encode()), load_register())
    return {c.address: (c.raw, c.confidence) for c in extraction.cells}


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['form']}-{line['code']}-{line['spelling']}")
def test_report_with_the_spelling_gives_the_same_cells(line: Mapping[str, str]) -> None:
    table = forms()[line["form"]].tables[line["table"]]
    label = (table.columns if line["axis"] == "column" else table.rows)[line["code"]].zh
    page = (RAW / REPORTS[line["form"]]).read_text(encoding="utf-8")
    assert f">{label}<" in page, f"{REPORTS[line['form']]} does not print {label}"
    assert read_cells(page.replace(f">{label}<", f">{line['spelling']}<")) == read_cells(page)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['form']}-{line['code']}-{line['spelling']}")
def test_spelling_names_one_label(line: Mapping[str, str]) -> None:
    index = get_label_index(line["form"])
    find = {"row": index.find_row, "group": index.find_group, "column": index.find_column}[line["axis"]]
    assert find(line["spelling"]).codes == ((line["table"], line["code"]),)
    assert find(line["spelling"]).confidence == 1.0


def test_head_of_another_form_places_no_number() -> None:
    """A report of 2021 that still prints the columns of 2019 counts other things: 新公开 is not 废止."""
    head_2021 = "本年制发件数</td><td>本年废止件数</td><td>现行有效件数"
    head_2019 = "本年新制作数量</td><td>本年新公开数量</td><td>对外公开总数量"
    page = (RAW / "2024" / "320800.html").read_text(encoding="utf-8")
    assert head_2021 in page
    extraction = extract(read_bytes(page.replace(head_2021, head_2019).encode()), load_register())
    assert not [c for c in extraction.cells if c.address.startswith("proactive/regulations")]
    (lost,) = (finding for finding in extraction.findings if finding.identity == "extract.lost")
    assert len(lost.cells) == 6
