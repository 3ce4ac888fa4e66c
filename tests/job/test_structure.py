"""The structure audit: sections, order, content, title, tables, signature; one change to a good report gives each."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.extract import extract
from pipeline.job.structure_rules import IDENTITIES, audit_structure
from pipeline.read import read_bytes
from pipeline.registry.load import load_register

TITLE = "<h1>淮安市人民政府2024年政府信息公开工作年度报告</h1>"
TABLE = "<table><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>{}</table>"
ROWS = (
    "<tr><td>规章</td><td>1</td><td>0</td><td>3</td></tr><tr><td>行政规范性文件</td><td>2</td><td>0</td><td>5</td></tr>"
)
SECTIONS = {
    "一": "<p>一、总体情况</p><p>2024年，我市主动公开政府信息120条。</p>",
    "二": "<p>二、主动公开政府信息情况</p>" + TABLE.format(ROWS),
    "三": "<p>三、收到和处理政府信息公开申请情况</p>" + TABLE.format(ROWS.replace("规章", "其他")),
    "四": "<p>四、政府信息公开行政复议、行政诉讼情况</p>" + TABLE.format(ROWS.replace("规章", "其他")),
    "五": "<p>五、存在的主要问题及改进情况</p><p>无</p>",
    "六": "<p>六、其他需要报告的事项</p><p>没有其他需要报告的事项。</p>",
}
END = "<p>淮安市人民政府</p><p>2025年1月20日</p>"


def audit(text: str) -> dict[str, list[str]]:
    """Return the notes of the failed findings by identity, without its prefix."""
    document = read_bytes(f"<html><body>{text}</body></html>".encode())
    found: dict[str, list[str]] = {}
    for finding in audit_structure(document, extract(document, load_register())):
        if finding.status == "fail":
            found.setdefault(finding.identity.removeprefix("structure."), []).append(finding.note)
    return found


def report(**changed: str) -> str:
    return TITLE + "".join((SECTIONS | changed).values()) + END


def test_good_report_passes() -> None:
    assert audit(report()) == {}


@pytest.mark.parametrize("number", SECTIONS)
def test_missing_section_is_named(number: str) -> None:
    heading = SECTIONS[number].removeprefix("<p>").partition("</p>")[0]
    found = audit(report(**{number: ""}))
    assert found["section"] == [heading]
    assert set(found) == {"section"}


@pytest.mark.parametrize("number", ["一", "五", "六"])
def test_empty_section_is_named(number: str) -> None:
    heading = SECTIONS[number].partition("</p>")[0] + "</p>"
    end = "" if number == "六" else END  # the signature would be its content
    text = TITLE + "".join((SECTIONS | {number: heading}).values()) + end
    assert audit(text)["empty"] == [heading.removeprefix("<p>").removesuffix("</p>")]


@pytest.mark.parametrize("number", ["二", "三", "四"])
def test_section_without_table_is_named(number: str) -> None:
    heading, _, _ = SECTIONS[number].partition("<table")
    found = audit(report(**{number: heading + "<p>见附件。</p>"}))
    assert found["table"] == [heading.removeprefix("<p>").removesuffix("</p>")]


def test_wrong_numbers_and_order_are_shown() -> None:
    assert audit(report(五=SECTIONS["五"].replace("五、", "四、")))["order"] == ["一 二 三 四 四 六"]
    exchanged = SECTIONS | {"五": SECTIONS["六"], "六": SECTIONS["五"]}
    assert audit(TITLE + "".join(exchanged.values()) + END)["order"] == ["一 二 三 四 六 五"]
    assert audit(report(五=SECTIONS["五"].replace("五、", "")))["order"] == ["一 二 三 四 - 六"]


def test_title_without_year_or_body() -> None:
    assert "title" in audit(
        report().replace("淮安市人民政府2024年政府信息", "政府信息").replace("<p>2024年", "<p>淮安市2024年")
    )


def test_signature() -> None:
    assert "signature" in audit(report().replace(END, ""))
    for end in ("<p>2025年1月20日</p>", "<p>二〇二五年一月二十日</p>", "<p>淮安市人民政府</p>"):
        assert "signature" not in audit(report().replace(END, end)), end


def test_subheadings_and_sentences_are_no_sections() -> None:
    """The first section has subsections with the words of the others, and the prose repeats them."""
    more = "<p>（二）依申请公开情况</p><p>（三）行政复议、行政诉讼情况</p><p>三、申请情况详见下表，共12件。</p>"
    assert audit(report(一=SECTIONS["一"] + more, 三=""))["section"] == ["三、收到和处理政府信息公开申请情况"]


def test_report_of_another_form_is_unknown() -> None:
    document = read_bytes(report().replace("2024年", "2016年").encode())
    findings = audit_structure(document, extract(document, load_register()))
    assert {finding.status for finding in findings} == {"unknown"}
    assert [finding.identity for finding in findings] == list(IDENTITIES)


REAL = Path(__file__).parents[3] / "shared" / "data" / "real" / "docs"


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize("name", ["g04_hongze_2023.pdf", "g05_hongze_2024.pdf", "g11_shuyang_fagai_2023.html"])
def test_complete_reports_of_offices_have_all_sections(name: str) -> None:
    document = read_bytes((REAL / name).read_bytes())
    found = audit_structure(document, extract(document, load_register()))
    assert {f.identity for f in found if f.status == "fail"} <= {"structure.signature"}
