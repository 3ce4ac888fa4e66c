"""The page for the leader: what it says, and that it is one page in Word and as PDF, whatever a city has."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import pypdfium2
import pytest
from support.offices import office
from support.project import ogi_here, run_here

from pipeline.core.form import form_of
from pipeline.core.paths import Data
from pipeline.publish.brief.facts import BriefFacts, BriefFigure, collect_facts
from pipeline.publish.brief.files import write_brief
from pipeline.publish.brief.page import compose_brief
from pipeline.publish.brief.sentences import Limits, figure_rows, section_texts
from pipeline.publish.form.causes import Cause
from pipeline.publish.form.review_parts import FailedIdentity
from pipeline.storage.database import ask, connect

pytestmark = pytest.mark.slow

INDICATOR_OF_CELL = """
SELECT indicator, form, "table", "row", CASE WHEN "column" = '*' THEN 'total' ELSE "column" END
FROM crosswalk
WHERE relation <> 'part'
"""
CITY, YEAR, ABSENT = "110000", 2025, "110102"
FEW = Limits(3, 3, 3, 1)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published project of a simulated city: a member is missing in its second year."""
    project = tmp_path_factory.mktemp("brief")
    options = ["--cities", "1", "--members", "6", "--years", "2024-2025", "--formats", "xlsx", "--errors", "0"]
    assert ogi_here(project, "simulate", "data", *options).returncode == 0
    raw = project / "data" / "raw"
    lines = list(csv.DictReader((raw / "manifest.csv").open(encoding="utf-8", newline="")))
    with (raw / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(line for line in lines if line["path"] != f"{YEAR}/{ABSENT}.xlsx")
    (raw / f"{YEAR}/{ABSENT}.xlsx").unlink()
    assert run_here(project) in (0, 1)
    return project


def facts_of(project: Path, body: str, year: int) -> BriefFacts:
    """Return the facts of a body and year of a published project."""
    with connect(Data(project / "data")) as connection:
        return collect_facts(connection, body, year)


def crowded(facts: BriefFacts) -> BriefFacts:
    """Return facts with more bodies, problems and changes than any page can list, all with long names."""
    names = [f"某某市某某经济技术开发区社会事务综合管理委员会第{number}办公室" for number in range(60)]
    long_names = {"zh": "不予处理：" + names[0], "en": names[0]}
    change = BriefFigure(long_names, "件", Decimal(10), Decimal(10), Decimal(1234567), None)
    place = "applications/not_processed.public_publication/total"
    cause = Cause("x", names[0], "x", Decimal(12345))
    failure = FailedIdentity(
        "row.total", place, "error", Decimal(1), Decimal(2), (place,), (place,), (cause, cause), confirmed=False
    )
    return replace(
        facts,
        review=replace(facts.review, failures=(failure,) * 30),
        statuses=dict.fromkeys(names, "quarantined"),
        problems=dict.fromkeys(names, (1234, 567)),
        changes=(change,) * 9,
    )


def texts_of(document: bytes) -> str:
    """Return the text of a Word file: paragraphs, cells and the header."""
    word = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    header = [paragraph.text for paragraph in word.sections[0].header.paragraphs]
    return "\n".join([*header, *(paragraph.text for paragraph in word.paragraphs), *cells])


def files_of(facts: BriefFacts, lang: str = "zh", formats: Sequence[str] = ("docx", "pdf")) -> Mapping[str, bytes]:
    """Return the files by suffix."""
    files, faults = write_brief(facts, formats, lang)
    assert faults == ()
    return {name.rpartition(".")[2]: content for name, content in files.items()}


def test_figures_are_compared_with_the_year_before(built: Path) -> None:
    rows = figure_rows(facts_of(built, "三门峡市", 2019), "zh")
    assert rows[0] == ("指标", "上年", "本年", "增减", "增减%")
    assert rows[1] == ("主动公开政府信息数（条）", "72,508", "129,790", "+57,282", "+79.0%")


def test_unknown_is_blank_and_a_sentence_without_its_number_is_left_out(built: Path) -> None:
    facts = facts_of(built, "宿迁市", 2025)
    assert figure_rows(facts, "zh")[1] == ("本年新收申请（件）", "", "713", "", "")
    texts = section_texts(facts, FEW, "zh")
    assert list(texts) == ["figures", "reports", "problems", "balance"]
    assert texts["reports"] == (
        "报送。应报 5 家，收到可用的 1 家。没有的：宿城区人民政府（缺报）、宿豫区人民政府（缺报）、"
        "泗阳县人民政府（缺报）等，另有 1 家。"
    )


def test_missing_member_is_named_and_the_same_members_are_compared(city: Path) -> None:
    facts = facts_of(city, CITY, YEAR)
    rows = {row[0]: row[1:] for row in figure_rows(facts, "zh")}
    with connect(Data(city / "data")) as connection:
        ((value, prior),) = connection.execute(
            "SELECT sum(value), sum(prior) FROM growth WHERE year = ? AND basis = 'reported' AND applicant = 'total'"
            " AND indicator = 'applications.new' AND prior_basis = 'same' AND body_id IN"
            " (SELECT body_id FROM due WHERE parent = ? AND year = ?)",
            [YEAR, CITY, YEAR],
        ).fetchall()
    assert rows["指标"] == ("本年", "可比上年", "可比本年", "增减%")
    assert rows["本年新收申请（件）"][1:3] == (f"{prior:,.0f}", f"{value:,.0f}")
    texts = section_texts(facts, FEW, "zh")
    assert "应报 7 家，收到可用的 6 家。没有的：北京市西城区人民政府（缺报）。" in texts["reports"]
    assert facts.changes


def test_whole_city_is_compared_as_a_whole(city: Path) -> None:
    facts = facts_of(city, CITY, 2024)
    assert {figure.members for figure in facts.headlines} == {None}
    assert section_texts(facts, FEW, "en")["reports"] == "Reports. 6 of 6 usable reports were received."


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("is_crowded", [False, True])
def test_brief_is_one_page(city: Path, tmp_path: Path, lang: str, *, is_crowded: bool) -> None:
    facts = facts_of(city, CITY, YEAR)
    files = files_of(crowded(facts) if is_crowded else facts, lang)
    assert len(pypdfium2.PdfDocument(files["pdf"])) == 1
    program = shutil.which("soffice")
    if program:
        (tmp_path / "a.docx").write_bytes(files["docx"])
        assert len(pypdfium2.PdfDocument(office(program, tmp_path / "a.docx", "pdf"))) == 1


def test_simulated_brief_says_so(city: Path) -> None:
    facts = facts_of(city, CITY, YEAR)
    files = files_of(facts)
    assert "模拟数据 SIMULATED" in texts_of(files["docx"])
    assert compose_brief(facts, "zh")[0].text.startswith("（模拟）")
    pdf_text = pypdfium2.PdfDocument(files["pdf"])[0].get_textpage().get_text_range()
    assert "模拟数据" in pdf_text


def test_same_facts_give_the_same_bytes(built: Path) -> None:
    facts = facts_of(built, "三门峡市", 2019)
    assert files_of(facts) == files_of(facts)


def test_command_writes_the_files_and_refuses_what_it_cannot_know(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["brief", "--city", "三门峡市", "--year", "2019", "--out", str(out)]
    assert ogi_here(built, *arguments).returncode == 0
    stem = "（模拟）三门峡市2019年政府信息公开年报（领导参阅）"
    assert {path.name for path in out.iterdir()} == {f"{stem}.docx", f"{stem}.pdf"}
    assert ogi_here(built, *arguments).returncode == 0
    unknown = ogi_here(built, "brief", "--city", "无此市", "--year", "2019", "--out", str(out))
    assert unknown.returncode == 2
    nothing = ogi_here(built, "brief", "--city", "湖滨区人民政府", "--year", "2019", "--out", str(out))
    assert nothing.returncode == 2
    assert "没有应报的成员机关" in nothing.stderr


def test_figure_of_the_year_before_is_that_of_the_compiled_form(built: Path, city: Path) -> None:
    compared = 0
    for data in (Data(built / "data"), Data(city / "data")):
        with connect(data) as connection:
            places = connection.execute("SELECT DISTINCT body_id, year FROM compiled ORDER BY ALL").fetchall()
            cells = connection.execute(INDICATOR_OF_CELL).fetchall()
            for body, year in places:
                form = form_of(year).code
                place = {"body": body, "year": year}
                in_form = ask(connection, "form_comparison", {**place, "form": form, "basis": "compiled"})
                priors = {(row["table"], row["row"], row["column"]): row["prior"] for row in in_form}
                brief = {row["indicator"]: row["prior"] for row in ask(connection, "brief_figures", place)}
                for indicator, own_form, *cell in cells:
                    if own_form in (form, "*") and tuple(cell) in priors and indicator in brief:
                        assert brief[indicator] == priors[tuple(cell)], (place, indicator)
                        compared += brief[indicator] is not None
    assert compared > 50
