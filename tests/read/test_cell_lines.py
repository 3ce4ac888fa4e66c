"""Read page text with one cell a line, each ended by a bar, as its rows."""

from __future__ import annotations

import re

import pytest
from support.project import ROOT

from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

PAGE = (ROOT / "data" / "raw" / "2024" / "320800.html").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    """Return the rows of the sample's tables, as texts."""
    lines = re.findall(r"<tr>(.*?)</tr>", PAGE, re.DOTALL)
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line, re.DOTALL) for line in lines]


def page_text(shape: str, blank: str) -> str:
    """Return the sample as page text: `rows` have a bar line before each row, `stack` has none."""
    lines = ["淮安市人民政府2024年政府信息公开工作年度报告", "", "二、主动公开政府信息情况"]
    for row in rows():
        lines += ["|"] if shape == "rows" else []
        lines += [f"{text} |" if text else blank for text in row]
        lines[-1] += " ||" if shape == "rows" else "\n||"
    return "\n".join(lines)


@pytest.mark.parametrize(("shape", "blank"), [("rows", " |"), ("stack", "|")])
def test_one_cell_a_line_is_read_like_the_table(shape: str, blank: str) -> None:
    assert len(rows()) > 30
    expected = extract(read_bytes(PAGE.encode()), load_register())
    extraction = extract(read_bytes(page_text(shape, blank).encode()), load_register())
    values = {cell.address: cell.value for cell in extraction.cells}
    assert values == {cell.address: cell.value for cell in expected.cells}


def test_few_bars_in_prose_change_nothing() -> None:
    text = "首页 |\n新闻 |\n栾川县民政局2024年政府信息公开工作年度报告\n一、总体情况\n2024年，我局公开信息12条。"
    document = read_bytes(text.encode())
    assert document.grids == ()
    assert "首页 |" in "".join(paragraph.text for paragraph in document.paragraphs)
