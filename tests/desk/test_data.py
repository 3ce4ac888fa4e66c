"""The queries of the desk show words in the clerk's language, not codes."""

from __future__ import annotations

from pathlib import Path

from support.desk import open_desk

from pipeline.core.paths import Data
from pipeline.desk.answer_words import show_in


def test_codes_in_tables_are_words(ready: Path) -> None:
    with open_desk(Data(ready / "data"), 2019) as desk:
        page = desk.get(
            "/411200/2019/data?q=SELECT 'absent' AS status, level, name FROM bodies WHERE body_id = '411202'"
        )
    assert ">机关名称 <input" in page
    assert "<td>缺报</td><td>县（市、区）</td><td>湖滨区人民政府</td>" in page
    assert (show_in("en", "county"), show_in("zh", "三门峡市"), show_in("zh", 2019)) == (
        "County",
        "三门峡市",
        "2019",
    )
