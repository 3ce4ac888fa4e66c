"""Test the checks of prose against tables in `sql/checks`: one run over reports whose prose is replaced."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlglot
from support.project import fresh, run_here

from pipeline.core.paths import SQL, Data
from pipeline.core.sentences import sentence
from pipeline.report import read_report
from pipeline.storage.database import connect

pytestmark = pytest.mark.slow

FORM_2014 = 2018  # a report year on the form of 2014


class Case(NamedTuple):
    """Prose for a report, a check, and the expected findings of the check.

    {name} or {name+1} in the prose is replaced by a number of the report's tables; see TABLES.
    """

    prose: str
    identity: str
    findings: list[tuple[str, str, str]]  # row, status, left minus right side ('': unknown; '?': not compared)
    year: int = 2019


RECEIVED, HANDLED, REVIEW, LAWSUITS = (
    "applications.received",
    "applications.handled",
    "review.total",
    "litigation.total",
)
CASES = {
    "filed, another number": Case(
        "因政府信息公开立案的行政复议{review+3}件、行政诉讼{lawsuits+1}件。",
        "narrative.scope",
        [(LAWSUITS, "fail", "1"), (REVIEW, "fail", "3")],
    ),
    "filed, the same number": Case(
        "因政府信息公开备案的行政复议{review}件、行政诉讼{lawsuits}件。",
        "narrative.scope",
        [(LAWSUITS, "pass", "0"), (REVIEW, "pass", "0")],
    ),
    "filed is compared with the total only as a question": Case(
        "因政府信息公开立案的行政复议{review+3}件。", "narrative.review", [(REVIEW, "unknown", "")]
    ),
    "without 立案 it is the total": Case(
        "因政府信息公开引起行政复议{review+3}件。", "narrative.review", [(REVIEW, "fail", "3")]
    ),
    "the total asks no question": Case("因政府信息公开引起行政复议{review+3}件。", "narrative.scope", []),
    "doubtful": Case("市政府收到政府信息公开申请{new+5}件。", "narrative.scope", [(RECEIVED, "fail", "5")]),
    "doubtful, about": Case("市政府收到政府信息公开申请近{new+5}件。", "narrative.scope", [(RECEIVED, "unknown", "5")]),
    "doubtful next to the total": Case(
        "收到政府信息公开申请{new}件。市政府收到政府信息公开申请1件。", "narrative.scope", []
    ),
    "doubtful next to a wrong total": Case(
        "收到政府信息公开申请{new+1}件。市政府收到政府信息公开申请{new}件。",
        "narrative.scope",
        [(RECEIVED, "pass", "0")],
    ),
    "dealt with may be taken up": Case(
        "全年办理政府信息公开申请{taken_up}件。", "narrative.scope", [(HANDLED, "pass", "121")], 2023
    ),
    "dealt with": Case("全年办理政府信息公开申请{taken_up+1}件。", "narrative.scope", [(HANDLED, "fail", "1")]),
    "doubtful, form of 2014": Case(
        "上半年举办政务公开培训{trainings+2}次。", "narrative.scope", [("trainings", "fail", "2")], FORM_2014
    ),
    "doubtful lawsuits, form of 2014": Case(
        "政府信息公开行政应诉案件{lawsuits}件。", "narrative.scope", [(LAWSUITS, "pass", "0")], FORM_2014
    ),
    "split": Case(
        "收到申请30件，其中市政府10件、沭阳县20件。", "narrative.split", [(RECEIVED, "pass", "0")], FORM_2014
    ),
    "split, another sum": Case(
        "收到申请30件，其中市政府10件、沭阳县19件。", "narrative.split", [(RECEIVED, "fail", "1")], FORM_2014
    ),
    "split, about": Case(
        "收到申请30余件，其中市政府10件、沭阳县19件。", "narrative.split", [(RECEIVED, "unknown", "1")], FORM_2014
    ),
    "split, of the last total": Case(
        "收到申请40件，收办申请30件。按单位分：市政府10件、沭阳县20件。",
        "narrative.split",
        [(HANDLED, "pass", "0")],
        FORM_2014,
    ),
    "split, of the nearest total": Case(
        "收到申请40件。全年收到申请30件，其中市政府10件、沭阳县20件。",
        "narrative.split",
        [(RECEIVED, "pass", "0")],
        FORM_2014,
    ),
    "split, two": Case(
        "收到申请30件，其中市政府10件、沭阳县20件。引起行政复议5起，其中市政府2起、沭阳县2起。",
        "narrative.split",
        [(RECEIVED, "pass", "0"), (REVIEW, "fail", "1")],
        FORM_2014,
    ),
    "no split": Case("收到申请30件，其中网络提交10件、信函19件。", "narrative.split", [], FORM_2014),
    "no split: not all are named": Case(
        "收到申请30件，其中市政府10件、沭阳县5件等。", "narrative.split", [], FORM_2014
    ),
    "balance": Case(
        "收到申请30件，上年结转2件，办结31件，结转下年度1件。",
        "narrative.balance",
        [(RECEIVED, "pass", "0")],
        FORM_2014,
    ),
    "balance, broken": Case(
        "收到申请30件，上年结转2件，办结31件，结转下年度2件。",
        "narrative.balance",
        [(RECEIVED, "fail", "-1")],
        FORM_2014,
    ),
    "balance, about": Case(
        "收到申请30件，上年结转2件，办结近30件，结转下年度1件。", "narrative.balance", [], FORM_2014
    ),
    "balance, one figure missing": Case("收到申请30件，上年结转2件，办结31件。", "narrative.balance", [], FORM_2014),
    "balance, one figure twice": Case(
        "收到申请30件，上年结转2件，办结31件，结转下年度1件。全年收到申请31件。", "narrative.balance", [], FORM_2014
    ),
    "taken up": Case("收办申请{taken_up}件。", "narrative.taken_up", [(HANDLED, "pass", "0")]),
    "taken up, in other words": Case(
        "共收到申请{taken_up+1}件（含上年结转{carried_in}件）。", "narrative.taken_up", [(HANDLED, "fail", "1")]
    ),
    "growth, about": Case(
        "主动公开政府信息7条，同比增长近3%。", "narrative.growth", [("disclosed.items_growth", "unknown", "?")]
    ),
    "growth": Case("主动公开政府信息1条，同比下降3%。", "narrative.growth", [("disclosed.items_growth", "fail", "?")]),
    "growth from about": Case(
        "主动公开政府信息近1条，同比下降3%。", "narrative.growth", [("disclosed.items_growth", "unknown", "")]
    ),
}


# The cells that are added up for each name in the prose; cells that the form lacks count as 0.
TABLES = {
    "new": ["applications/new/total", "statistics/received.total/value"],
    "carried_in": ["applications/carried_in/total"],
    "taken_up": ["applications/new/total", "applications/carried_in/total"],
    "review": ["review_litigation/review/total", "statistics/review.total/value"],
    "lawsuits": [
        "review_litigation/litigation_direct/total",
        "review_litigation/litigation_after_review/total",
        "statistics/litigation.total/value",
    ],
    "trainings": ["statistics/trainings/value"],
}


def read_numbers(path: Path) -> dict[str, int]:
    """Return the number of a report's tables for each name in TABLES."""
    cells = {c.address: int(c.value or 0) for c in read_report(path).cells}
    return {name: sum(cells.get(a, 0) for a in addresses) for name, addresses in TABLES.items()}


def fill_prose(prose: str, numbers: dict[str, int]) -> str:
    """Replace each {name} or {name+1} of a case by its number."""
    return re.sub(r"\{(\w+)(?:\+(\d+))?\}", lambda m: str(numbers[m[1]] + int(m[2] or 0)), prose)


def replace_prose(path: Path, prose: str) -> None:
    """Replace all paragraphs of a web page, except the notices 模拟 and 转录."""
    content = path.read_bytes()
    encoding = "utf-8" if _is_utf8(content) else "gb18030"
    text = content.decode(encoding)
    notices = [p for p in re.findall("<p>.*?</p>", text) if re.search("模拟|转录", p)]
    body = re.sub("<p>.*?</p>", lambda m: m[0] if m[0] in notices else "", text)
    path.write_bytes(body.replace(notices[0], f"{notices[0]}\n<p>{prose}</p>", 1).encode(encoding))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.fixture(scope="module")
def project_and_reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Data, dict[str, str]]:
    """Return a published project in which each case is the prose of a report, and the report of each case."""
    folder = fresh(tmp_path_factory.mktemp("prose"))
    reports: dict[str, str] = {}
    pages = {y: sorted((folder / "data" / "raw" / str(y)).glob("*.html")) for y in (2018, 2019, 2023)}
    for name, case in CASES.items():
        path = next(
            p for p in pages[case.year] if p.stem != "411200" and f"{case.year}/{p.name}" not in reports.values()
        )
        replace_prose(path, fill_prose(case.prose, read_numbers(path)))
        reports[name] = f"{case.year}/{path.name}"
    assert run_here(folder) in (0, 1)
    return Data(folder / "data"), reports


@pytest.mark.parametrize("name", CASES)
def test_check_has_the_expected_findings(name: str, project_and_reports: tuple[Data, dict[str, str]]) -> None:
    data, reports = project_and_reports
    case, findings = CASES[name], []
    for finding in read_findings(data, reports[name], case.identity):
        gap = finding["difference"]
        difference = (
            "" if gap is None else "?" if case.identity == "narrative.growth" else f"{gap:f}".rstrip("0").rstrip(".")
        )
        findings.append((str(finding["place"]).split("/")[1], str(finding["status"]), difference))
        assert finding["severity"] == "warning"
        assert finding["provenance"] == ("transcribed" if case.year == 2023 else "simulated")
    assert findings == case.findings


def read_findings(data: Data, report: str, identity: str) -> list[dict[str, Any]]:
    """Return the findings of one check on one report, ordered by place."""
    with connect(data) as connection:
        statement = "SELECT * FROM findings WHERE report_id = ? AND identity = ? ORDER BY place, note"
        answer = connection.execute(statement, [report, identity])
        return [dict(zip([d[0] for d in answer.description], row, strict=True)) for row in answer.fetchall()]


def test_difference_of_scope_is_phrased_as_a_question(project_and_reports: tuple[Data, dict[str, str]]) -> None:
    data, reports = project_and_reports
    finding = read_findings(data, reports["filed, another number"], "narrative.scope")[1]
    sentences = {lang: sentence(finding, "2019", lang) for lang in ("zh", "en")}
    assert "正文的数与表中的数口径可能不同（立案、备案等）" in sentences["zh"]
    assert "may have another scope" in sentences["en"]
    assert all(str(finding["lhs"]).split(".")[0] in text for text in sentences.values())


def test_prose_of_suqian_and_huaian_agrees_with_itself_and_the_tables(built: Path) -> None:
    with connect(Data(built / "data")) as connection:
        statement = """
            SELECT report_id, identity, lhs, rhs FROM findings
            WHERE identity IN ('narrative.split', 'narrative.balance', 'narrative.taken_up') AND status = 'pass'
            ORDER BY report_id, identity"""
        passed = [(r, i, int(x), int(y)) for r, i, x, y in connection.execute(statement).fetchall()]
    assert passed == [
        ("2023/321300.html", "narrative.split", 3607, 3607),
        ("2023/321300.html", "narrative.taken_up", 3607, 3607),
        ("2024/320800.html", "narrative.balance", 3153, 3153),
        ("2024/321300.html", "narrative.taken_up", 3646, 3646),
    ]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (
            "sanmenxia-2019.txt",
            {
                ("disclosed.items", 129790), ("disclosed.items_growth", 79), ("disclosed.normative_documents", 178),
                ("disclosed.normative_documents_share", 100), (RECEIVED, 265), ("applications.carried_in", 2),
                (REVIEW, 50), (LAWSUITS, 26), ("websites_hosted", 21), ("trainings", 24), ("trained", 1151),
            },
        ),
        (
            "huaian-2024.pdf",
            {
                (RECEIVED, 3119), (HANDLED, 3050), ("applications.carried_in", 34), ("applications.carried_out", 103),
                (REVIEW, 351), (LAWSUITS, 46), ("new_media_accounts", 95), ("information_fee", 3940),
            },
        ),
    ],
)  # fmt: skip
def test_figures_of_real_reports(report: str, expected: set[tuple[str, int]], shared: Path) -> None:
    figures = read_report(shared / "reports" / report).figures
    assert {(f.row, int(f.value)) for f in figures if f.scope == "whole"} == expected
    other_figures = [(f.row, int(f.value), f.scope, f.approximate) for f in figures if f.scope != "whole"]
    assert other_figures == ([("disclosed.items", 5500, "part", True)] if report.startswith("huaian") else [])


@pytest.mark.parametrize("path", sorted((SQL / "checks").glob("narrative_*.sql")), ids=lambda p: p.stem)
def test_check_can_be_transpiled_for_spark(path: Path) -> None:
    (statement,) = sqlglot.transpile(
        path.read_text(encoding="utf-8"), read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert sqlglot.parse_one(statement, read="spark")
