"""Text of a report in what the program writes: it is shown, and it neither runs nor steers anything."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.project import ROOT, ogi_here, run_here

from pipeline.core.messages import say, visible
from pipeline.core.text import escape_formula
from pipeline.publish.page_template import render_page
from pipeline.publish.site.data_script import js_literal
from pipeline.publish.site.downloads import spreadsheet_texts
from pipeline.validate.gate import validate

HOSTILE = "<img src=x onerror=alert(1)>\"'</script><!--\u2028{{7*7}}${x}$y"
ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\r\x08"
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-1-1", "+", "--5"])
def test_a_formula_is_told_to_be_text(text: str) -> None:
    assert escape_formula(text) == f"'{text}"
    assert spreadsheet_texts([text], is_numeric=False) == [f"'{text}"]


@pytest.mark.parametrize("text", ["-5", "+7", "-3,119", "-0.5", "三门峡", "1=1", "", "a@b"])
def test_a_number_stays_a_number(text: str) -> None:
    assert escape_formula(text) == text


def test_csv_for_spreadsheets_and_data_for_programs(built: Path, tmp_path: Path) -> None:
    """The file of `-o` is as harmless as the screen; Parquet, which no spreadsheet opens, keeps every text."""
    question = "SELECT '=1+1' AS a, '-5' AS b, -5 AS c, '@x' AS d"
    for form in ("csv", "parquet"):
        ended = ogi_here(built, "query", question, "--format", form, "-o", str(tmp_path / f"a.{form}"))
        assert ended.returncode == 0, ended.stderr
    assert list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"))))[1] == ["'=1+1", "-5", "-5", "'@x"]
    assert list(pq.read_table(tmp_path / "a.parquet").to_pylist()[0].values()) == ["=1+1", "-5", -5, "@x"]


def test_what_steers_a_terminal_is_shown_as_its_code() -> None:
    assert visible(f"a\n\tb{ESCAPE}政") == (
        "a\n\tb\\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\u202e\\u2066\\u000d\\u0008政"
    )
    assert not STEERS.search(say("extract.fault", "en", path=Path(f"x{ESCAPE}"), why=f"y{ESCAPE}"))
    assert say("check.more", "en", count=3) == say("check.more", "en", count="3")


@pytest.fixture(scope="module")
def steering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a report whose body, printed cells and prose hold what would steer a terminal."""
    folder = tmp_path_factory.mktemp("steering")
    (folder / "data" / "raw").mkdir(parents=True)
    page = (ROOT / "data" / "raw" / "2019" / "411200.html").read_text(encoding="utf-8")
    # A parser of HTML drops some of them itself, so the report is also there as text.
    page = page.replace("三门峡市人民政府2019年", f"三门{ESCAPE}峡市人民政府2019年").replace(
        "<td>252</td>", f"<td>x{ESCAPE}</td>"
    )
    text = (ROOT / "data" / "raw" / "2019" / "411281.txt").read_text(encoding="utf-8")
    text = text.replace("\t19\t", f"\tx{ESCAPE}\t")
    (folder / "a.html").write_text(page, encoding="utf-8", newline="")
    (folder / f"b{ESCAPE.replace('/', '')}.txt").write_text(
        text.replace("\t19\t", f"\tx{ESCAPE}\t"), "utf-8", newline=""
    )
    return folder


def test_reports_cannot_steer_the_terminal(steering: Path) -> None:
    said = ""
    for path in sorted(p for p in steering.iterdir() if p.is_file()):
        for command in (("check", "--no-html"), ("extract",), ("extract", "--json")):
            ended = ogi_here(steering, *command, str(path), "--lang", "en")
            assert ended.returncode in (0, 1), ended.stderr
            assert not STEERS.search(ended.stdout + ended.stderr), (command, path)
            said += ended.stdout
    assert "\\u001b" in said
    assert "\\u202e" in said


def test_answers_cannot_steer_the_terminal(built: Path) -> None:
    question = "SELECT '\x1b[31m' || chr(27) || chr(155) || chr(8238) AS a"
    for form in ("table", "json"):
        ended = ogi_here(built, "query", question, "--format", form)
        assert ended.returncode == 0, ended.stderr
        assert "\x1b" not in ended.stdout
    assert ogi_here(built, "query", question, "--format", "csv").stdout.count("\x1b") == 2  # for a program, exactly
    for command in (
        ("explain", "三门峡市\x1b[31m", "2019", "applications.new"),
        ("explain", "411200", "2019", "x\x1b[31m"),
    ):
        ended = ogi_here(built, *command)
        assert ended.returncode == 2
        assert "\x1b" not in ended.stdout + ended.stderr


def test_data_in_a_script_ends_no_script() -> None:
    written = js_literal({HOSTILE: [HOSTILE]})
    assert json.loads(written) == {HOSTILE: [HOSTILE]}
    assert not set("<>&\u2028\u2029") & set(written)


def test_the_page_of_a_check_escapes(tmp_path: Path) -> None:
    report = (ROOT / "data" / "raw" / "2019" / "411200.html").read_text(encoding="utf-8")
    told = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    report = report.replace("三门峡市人民政府2019年", f"三门{told}峡市2019年").replace(
        "<td>252</td>", f"<td>{told}</td>"
    )
    name = "a<img src=x onerror=alert(2)>'.html"
    (tmp_path / name).write_text(report, encoding="utf-8")
    assert ogi_here(tmp_path, "check", name, "--html", "out").returncode == 1
    (page,) = (tmp_path / "out").rglob("*.html")
    written = page.read_text(encoding="utf-8")
    assert "&lt;img src=x onerror" in written
    assert "<img" not in written
    assert "<script" not in written
    assert "<!--" not in written


def test_templates_escape_whatever_they_are_named() -> None:
    parts = {"title": HOSTILE, "banner": HOSTILE, "stamp": "", "parts": []}
    assert "<img" not in render_page("report.html", **parts)


def test_the_pages_of_the_validation_escape(built: Path, tmp_path: Path) -> None:
    """Great Expectations writes what it found into its pages as it is."""
    snapshot = tmp_path / "snapshot"
    shutil.copytree((built / "data" / "curated" / "current").resolve(), snapshot)
    for table, columns in (("reports", ("body", "provenance")), ("cells", ("raw", "kind"))):
        for file in (snapshot / table).glob("*.parquet"):
            _poison(file, columns)
    violations = validate(snapshot, tmp_path / "docs")
    assert any(HOSTILE in row.values() for v in violations for row in v.rows)  # what is told is what is there
    pages = [p.read_text(encoding="utf-8") for p in (tmp_path / "docs").rglob("*.html")]
    assert any("&lt;img src=x onerror" in page for page in pages)
    assert not any("<img src=x" in page or "</script><!--" in page for page in pages)
    assert all("Content-Security-Policy" in page for page in pages if "<head>" in page and "GreatExpectations" in page)


def _poison(file: Path, columns: tuple[str, ...]) -> None:
    data = pq.read_table(file)
    for name in columns:
        at = data.schema.get_field_index(name)
        values = [HOSTILE, *data.column(at).to_pylist()[1:]]
        data = data.set_column(at, data.schema.field(at), pa.array(values, data.schema.field(at).type))
    pq.write_table(data, file)


@pytest.mark.parametrize("arguments", [("run",), ("query", "SELECT * FROM cells", "--format", "csv"), ("status",)])
def test_who_reads_may_have_enough(project: Path, arguments: tuple[str, ...]) -> None:
    """`ogi ... | head -0`: the work is done, and nothing is said of a full disk."""
    if arguments[0] != "run":
        assert run_here(project) == 0
    command = [sys.executable, "-m", "pipeline.cli", *arguments, "--lang", "en"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()
    assert child.returncode == 0, said
    assert "pipe" not in said
    assert (project / "data" / "curated" / "current" / "snapshot.json").is_file()
