from __future__ import annotations

import pytest

from pipeline.extract.narrative import figures, phrases
from pipeline.form import forms
from pipeline.model import Paragraph


def said(text: str, year: int | None = 2019) -> list[tuple[str, float, bool, str]]:
    return [(f.row, float(f.value), f.approximate, f.scope) for f in figures([Paragraph(text)], year)]


def test_every_phrase_reads_its_example_and_names_a_row_of_the_form() -> None:
    rows = set(forms()["2021"].tables["narrative"].rows)
    assert {p.row for p in phrases()} <= rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全市主动公开政府信息18万余条。", ("disclosed.items", 180000, True, "whole")),
        ("主动公开信息5500余条", ("disclosed.items", 5500, True, "whole")),
        ("其中，通过门户网站主动公开政府信息300条", ("disclosed.items", 300, False, "part")),
        ("2018年主动公开政府信息72508条", ("disclosed.items", 72508, False, "other_year")),
        ("未发生行政复议", ("review.total", 0, False, "whole")),
        ("行政复议一百二十件", ("review.total", 120, False, "whole")),
        ("备案的行政复议134件", ("review.total", 134, False, "part")),
        ("收到 政府信息公开申请 １２ 件", ("applications.received", 12, False, "whole")),
    ],
)
def test_figures_of_the_prose(text: str, expected: tuple[str, int, bool, str]) -> None:
    assert said(text) == [expected]


def test_a_change_is_no_figure_and_a_fall_is_negative() -> None:
    assert said("申请比上年减少5件") == []
    found = {row: value for row, value, *_ in said("主动公开政府信息100条，同比下降12.5%")}
    assert found == {"disclosed.items": 100, "disclosed.items_growth": -12.5}


def test_raw_is_the_printed_text_at_its_place() -> None:
    text = "２０１９年， 收到 265 件 政府信息公开申请，上年结转２件。"
    for figure in figures([Paragraph(text)], 2019):
        assert text[figure.start : figure.end] == figure.raw
    assert [f.value for f in figures([Paragraph(text)], 2019)] == [265, 2]


def test_parts_by_body_are_not_the_total() -> None:
    text = "全年收办政府信息公开申请3607件，其中市政府349件、市各有关部门933件。"
    assert said(text, 2023) == [("applications.handled", 3607, False, "taken_up")]
