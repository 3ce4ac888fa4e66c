"""Outcomes in a sentence on the parts of the one before: of one part, of each part, or of all. All texts are made."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from extract.test_kind_left_unread import read

from pipeline.read.text import read as read_text

ALL = "检查政府网站39家，合格36家，不合格3家。"
OF_ALL: Mapping[str, int] = {"sites.inspected": 39, "sites.passed": 36, "sites.failed": 3}
PARTS: Mapping[str, int] = {"sites.departments": 20, "sites.counties": 19}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            ALL + "其中县区网站19家，合格17家，不合格2家。",
            {**OF_ALL, "sites.counties": 19, "sites.counties.passed": 17, "sites.counties.failed": 2},
        ),
        (
            "检查政府网站39家，合格37家，不合格2家。其中县区网站19家，合格17家，不合格2家。",
            {
                "sites.inspected": 39, "sites.passed": 37, "sites.failed": 2,
                "sites.counties": 19, "sites.counties.passed": 17, "sites.counties.failed": 2,
            },
        ),
        (
            ALL + "其中市直部门网站20家，不合格1家，县区网站19家，不合格2家。",
            {**OF_ALL, **PARTS, "sites.departments.failed": 1, "sites.counties.failed": 2},
        ),
        (
            ALL + "其中市直部门网站20家，不合格1家；县区网站19家，不合格2家。",
            {**OF_ALL, **PARTS, "sites.departments.failed": 1, "sites.counties.failed": 2},
        ),
        ("检查政府网站39家。其中市直部门网站20家，县区网站19家，合格36家，不合格3家。", {**OF_ALL, **PARTS}),
        (
            ALL + "其中市直部门2家、县区1家。",
            {**OF_ALL, "sites.departments.failed": 2, "sites.counties.failed": 1},
        ),
    ],
)  # fmt: skip
def test_outcome_is_that_of_its_part_or_of_all_parts(text: str, expected: Mapping[str, int]) -> None:
    values, note = read(text)
    assert note == ""
    assert {row: int(value) for row, value in values.items()} == expected


def test_outcome_of_parts_without_a_row_is_named() -> None:
    text = "全市检查政务新媒体255个。其中：市教育局20个，不合格1个；市公安局30个，不合格2个。"
    values, note = read(text)
    assert values.keys() == {"new_media.inspected"}
    assert all(number in note for number in ("20个", "1个", "30个", "2个"))


def test_number_after_a_semicolon_is_no_part_without_a_word_for_it() -> None:
    values, _ = read("从38家政府网站中抽查12家，不合格1家；从255个政务新媒体中抽查60个，不合格2个。")
    assert values["new_media.inspected"] == 60
    assert values["new_media.failed"] == 2


def test_words_on_the_others_are_read_once_and_not_named() -> None:
    values, note = read("检查政府网站41家，除1家网站不合格外，其余40家均合格。")
    assert values["sites.passed"] == 40
    assert values["sites.failed"] == 1
    assert note == ""
    assert read("检查政府网站41家，其中县区网站均合格。")[1] == "其中县区网站均合格"


def test_title_above_a_short_line_is_a_paragraph_of_its_own() -> None:
    title = "徐州市2024年第二季度政府网站与政务新媒体检查情况通报"
    for name in (title, f"{title}（模拟）"):
        document = read_text(f"\n{name}\n检查政府网站41家，均合格。\n")
        assert [paragraph.text for paragraph in document.paragraphs] == [name, "检查政府网站41家，均合格。"]
