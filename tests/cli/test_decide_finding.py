"""Answer findings with `ogi decide`, and find the answers on every page, form and export."""

from __future__ import annotations

import csv
import shutil
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from support.answers import BALANCE, EARLIER, TOTAL, WRONG, write_project
from support.project import ogi_here, run_here

pytestmark = pytest.mark.slow

REPORT = "2021/411202.html"
HOSTILE = "=1+1<script>alert(1)</script>{x}"
WORDS = ("--reason", HOSTILE, "--evidence", "原件<b>第三页", "--by", "张三")
BOTH = ("--finding", TOTAL, "--finding", BALANCE)


@pytest.fixture(scope="module")
def wrong_total(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one report, whose total is 11 where its parts are 10; run once. Tests must copy it."""
    folder = write_project(tmp_path_factory.mktemp("wrong_total"), {2021: EARLIER | WRONG})
    assert run_here(folder) == 1
    return folder


@pytest.fixture
def project(wrong_total: Path, tmp_path: Path) -> Path:
    shutil.copytree(wrong_total, tmp_path / "p", symlinks=True)
    return tmp_path / "p"


@pytest.fixture(scope="module")
def explained(wrong_total: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with both errors confirmed as printed, with a hostile reason; run again."""
    folder = tmp_path_factory.mktemp("explained") / "p"
    shutil.copytree(wrong_total, folder, symlinks=True)
    assert ogi_here(folder, "decide", REPORT, *BOTH, "--confirm", *WORDS).returncode == 0
    assert run_here(folder) == 0
    return folder


def decisions(folder: Path) -> list[list[str]]:
    """Return the lines of the file of decisions without its header."""
    path = folder / "data" / "decisions.csv"
    return list(csv.reader(StringIO(path.read_text(encoding="utf-8"))))[1:] if path.is_file() else []


def test_list_names_the_command_that_answers(wrong_total: Path) -> None:
    for arguments in (("decide",), ("decide", REPORT)):
        listed = ogi_here(wrong_total, *arguments)
        assert listed.returncode == 0
        assert f"ogi decide {REPORT} --finding {TOTAL} --confirm" in listed.stdout
    assert ogi_here(wrong_total, "decide", "2021/none.html").returncode == 2


@pytest.mark.parametrize("operation", ["confirm", "return"])
def test_answer_is_recorded_with_the_numbers_and_reverted(project: Path, operation: str) -> None:
    made = ogi_here(project, "decide", REPORT, "--finding", TOTAL, f"--{operation}", *WORDS)
    assert made.returncode == 0, made.stderr
    assert "11 | 10" in made.stdout
    assert decisions(project) == [
        ["411202", "2021", TOTAL, "11 | 10 (11, 10, 0, 0, 0, 0, 0)", "", HOSTILE, "原件<b>第三页", "张三", operation]
    ]
    assert TOTAL in ogi_here(project, "decide").stdout
    assert ogi_here(project, "decide", REPORT, "--finding", TOTAL, "--revert").returncode == 0
    assert decisions(project) == []
    assert ogi_here(project, "decide", REPORT, "--finding", TOTAL, "--revert").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((REPORT, "--finding", "app.row_total@applications/new/totl", "--confirm", *WORDS), TOTAL),
        ((REPORT, "--finding", "app.row_total@applications/granted/total", "--confirm", *WORDS), "是否指"),
        ((REPORT, "--finding", TOTAL, "--confirm", "--reason", "原件"), "--evidence"),
        ((REPORT, "--finding", TOTAL, "--accept", *WORDS), "--confirm"),
        ((REPORT, "--finding", TOTAL, *WORDS), "--confirm"),
        ((REPORT, "applications/new/total", "--finding", TOTAL, "--confirm", *WORDS), "--finding"),
        ((REPORT, "applications/new/total", "--confirm", *WORDS), "--accept"),
        (("2021/none.html", "--finding", TOTAL, "--confirm", *WORDS), "2021/none.html"),
    ],
)
def test_incomplete_or_unknown_answer_is_refused(wrong_total: Path, arguments: tuple[str, ...], message: str) -> None:
    result = ogi_here(wrong_total, "decide", *arguments)
    assert result.returncode == 2, result.stdout
    assert message in result.stderr
    assert decisions(wrong_total) == []


def test_status_lists_what_is_explained(explained: Path) -> None:
    status = ogi_here(explained, "status")
    assert status.returncode == 0
    assert "已说明（照印数无误）（2）" in status.stdout
    assert HOSTILE in status.stdout
    assert "错误 0 项" in status.stdout


def test_check_knows_the_answers_of_the_data_folder(explained: Path, wrong_total: Path) -> None:
    file = f"data/raw/{REPORT}"
    assert ogi_here(wrong_total, "check", file, "--no-html").returncode == 1
    checked = ogi_here(explained, "check", file, "--html", "pages")
    assert checked.returncode == 0, checked.stdout
    assert "已说明（照印数无误）（2）" in checked.stdout
    assert "2 项已说明" in checked.stdout
    page = next((explained / "pages").iterdir()).read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_check_of_another_number_shows_that_the_answer_is_stale(explained: Path, tmp_path: Path) -> None:
    changed = write_project(tmp_path / "c", {2021: EARLIER | {"applications/new/total": "12"}})
    shutil.copy(explained / "data" / "decisions.csv", changed / "data")
    checked = ogi_here(changed, "check", f"data/raw/{REPORT}", "--no-html")
    assert checked.returncode == 1
    assert "原有说明已失效" in checked.stdout


def test_returned_error_is_marked_in_status_and_check(project: Path) -> None:
    assert ogi_here(project, "decide", REPORT, *BOTH, "--return", *WORDS).returncode == 0
    assert run_here(project) == 1
    for arguments in (("status",), ("check", f"data/raw/{REPORT}", "--no-html")):
        shown = ogi_here(project, *arguments)
        assert shown.returncode == 1
        assert "待机关更正" in shown.stdout


def test_site_shows_the_explanation_escaped(explained: Path) -> None:
    assert ogi_here(explained, "site", "--out", "site").returncode == 0
    texts = [path.read_text(encoding="utf-8") for path in (explained / "site").rglob("b*.js")]
    (text,) = [text for text in texts if "answered" in text and "照印数无误" in text]
    assert "alert(1)" in text
    assert "</script>" not in text
    assert "张三" in text


def test_compiled_form_has_the_explanation_in_its_notes(explained: Path) -> None:
    arguments = ("--body", "411202", "--year", "2021", "--basis", "reported", "--format", "html", "--format", "docx")
    compiled = ogi_here(explained, "compile", *arguments, "--out", "forms")
    assert compiled.returncode == 0, compiled.stderr
    assert "数据说明" in compiled.stdout
    (notes,) = (explained / "forms").glob("*编制说明.html")
    text = notes.read_text(encoding="utf-8")
    assert "照印数无误：=1+1&lt;script&gt;" in text
    assert not [path for path in (explained / "forms").glob("*.html") if "<script>alert" in path.read_text("utf-8")]
    words = ("--body", "411202", "--year", "2021", "--basis", "reported", "--format", "docx", "--out", "words")
    assert ogi_here(explained, "compile", *words).returncode == 0
    (document,) = (explained / "words").glob("*编制说明.docx")
    assert "照印数无误" in ZipFile(BytesIO(document.read_bytes())).read("word/document.xml").decode()


def test_number_is_explained_with_its_answer(explained: Path) -> None:
    told = ogi_here(explained, "explain", "411202", "2021", "applications.new")
    assert told.returncode == 0, told.stderr
    assert "照印数无误" in told.stdout
    assert "张三" in told.stdout


def test_query_lists_the_answers_without_a_formula(explained: Path) -> None:
    answer = ogi_here(explained, "query", "answers", "--format", "csv")
    rows = list(csv.DictReader(StringIO(answer.stdout)))
    assert [(row["finding"], row["operation"], row["status"]) for row in rows] == [
        (BALANCE, "confirm", "applied"),
        (TOTAL, "confirm", "applied"),
    ]
    assert not any(row["reason"].startswith("=") for row in rows)


def test_exports_have_the_answers_without_formulas(explained: Path) -> None:
    for name, options in (("csv", ("--excel",)), ("xlsx", ())):
        exported = ogi_here(explained, "export", name, f"export-{name}", *options)
        assert exported.returncode == 0, exported.stderr
    (findings,) = (explained / "export-csv").rglob("findings*.csv")
    rows = [row for row in csv.DictReader(StringIO(findings.read_text(encoding="utf-8-sig"))) if row["answer"]]
    assert {row["answer"] for row in rows} == {"confirmed"}
    assert not any(row["reason"].startswith("=") for row in rows)
    (workbook,) = (explained / "export-xlsx").rglob("*.xlsx")
    with ZipFile(workbook) as archive:
        sheets = "".join(archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/"))
        texts = (
            archive.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in archive.namelist() else sheets
        )
    assert "<f>1+1" not in sheets
    assert "&lt;script&gt;alert(1)" in texts
