from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.core.model import Document, Paragraph
from pipeline.extract.body_and_year import recognise_body_and_year
from pipeline.registry.load import load_register


def recognise(*paragraphs: str, path: str = "", title: str = "") -> tuple[str | None, int | None, list[str]]:
    """Return body, year and the identities of the questions for a text document."""
    document = Document(tuple(Paragraph(p) for p in paragraphs), "text", "text", title)
    body_and_year = recognise_body_and_year(document, load_register(), Path(path) if path else None)
    return body_and_year.body, body_and_year.year, [question.identity for question in body_and_year.questions]


@pytest.mark.parametrize(
    ("paragraphs", "path", "expected"),
    [
        (["三门峡市教育局2019年政府信息公开工作年度报告"], "", ("三门峡市教育局", 2019, [])),
        (["三门峡市教育局", "2019年政府信息公开工作年度报告"], "", ("三门峡市教育局", 2019, [])),
        (["某某局２０１９年度政府信息公开年报告", "2018年、2018年"], "", ("某某局", 2019, ["who.year"])),
        (
            ["本报告由三门峡市人民政府办公室编制。", "时限自2019年1月1日至2019年12月31日。"],
            "",
            ("三门峡市人民政府", 2019, []),
        ),
        (["没有任何线索"], "", (None, None, ["who.body", "who.year"])),
        (["没有任何线索"], "data/raw/2019/411202.html", ("湖滨区人民政府", 2019, [])),
        (["没有任何线索"], "raw/2019/411200-education.html", ("三门峡市教育局", 2019, [])),
        (["没有任何线索"], "宿迁市人民政府2023年报.pdf", ("宿迁市人民政府", 2023, [])),
        (["时限自2019年1月1日起"], "2018/411202.html", ("湖滨区人民政府", None, ["who.year"])),
        (["本报告由湖滨区人民政府编制，2019年"], "2019/411203.html", (None, 2019, ["who.body"])),
        (["宿迁市人民政府2023年政府信息公开工作年度报告"], "2022/321300.html", ("宿迁市人民政府", 2023, ["who.year"])),
        (["淮安市人民政府和宿迁市人民政府，2019年和2018年"], "", (None, None, ["who.body", "who.year"])),
    ],
)
def test_title_prose_and_path_give_body_and_year(
    paragraphs: list[str], path: str, expected: tuple[str | None, int | None, list[str]]
) -> None:
    assert recognise(*paragraphs, path=path) == expected


def test_document_title_gives_body_and_year() -> None:
    assert recognise("正文", title="三门峡市财政局2018年政府信息公开工作年度报告")[:2] == ("三门峡市财政局", 2018)
