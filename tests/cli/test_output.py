"""Test that hostile text of a report is shown as text: in CSV, on the terminal and in pages.

It must not become a formula, control the terminal or run as a script.
"""

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
from support.project import ROOT, ogi_here

from pipeline.core.messages import say, visible
from pipeline.core.text import escape_formula
from pipeline.publish.page_template import render_page
from pipeline.publish.site.data_script import js_literal
from pipeline.publish.site.downloads import spreadsheet_texts
from pipeline.validate.gate import validate

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)>\"'</script><!--\u2028{{7*7}}${x}$y"
CONTROL_TEXT = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\r\x08"
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-1-1", "+", "--5"])
def test_formula_gets_an_apostrophe(text: str) -> None:
    assert escape_formula(text) == f"'{text}"
    assert spreadsheet_texts([text], is_numeric=False) == [f"'{text}"]


@pytest.mark.parametrize("text", ["-5", "+7", "-3,119", "-0.5", "三门峡", "1=1", "", "a@b"])
def test_number_and_plain_text_are_unchanged(text: str) -> None:
    assert escape_formula(text) == text


def test_csv_file_escapes_formulas_and_parquet_keeps_every_text(built: Path, tmp_path: Path) -> None:
    """The CSV of `-o` is escaped like the output on the screen. No spreadsheet opens Parquet, so it is not escaped."""
    statement = "SELECT '=1+1' AS a, '-5' AS b, -5 AS c, '@x' AS d"
    for form in ("csv", "parquet"):
        result = ogi_here(built, "query", statement, "--format", form, "-o", str(tmp_path / f"a.{form}"))
        assert result.returncode == 0, result.stderr
    assert list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"))))[1] == ["'=1+1", "-5", "-5", "'@x"]
    assert list(pq.read_table(tmp_path / "a.parquet").to_pylist()[0].values()) == ["=1+1", "-5", -5, "@x"]


def test_control_characters_are_shown_as_codes() -> None:
    assert visible(f"a\n\tb{CONTROL_TEXT}政") == (
        "a\n\tb\\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\u202e\\u2066\\u000d\\u0008政"
    )
    assert not CONTROL_CHARACTERS.search(
        say("extract.fault", "en", path=Path(f"x{CONTROL_TEXT}"), why=f"y{CONTROL_TEXT}")
    )
    assert say("check.more", "en", count=3) == say("check.more", "en", count="3")


@pytest.fixture(scope="module")
def folder_with_control_text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two reports whose names, bodies or cells contain control characters."""
    folder = tmp_path_factory.mktemp("control")
    (folder / "data" / "raw").mkdir(parents=True)
    page = (ROOT / "data" / "raw" / "2019" / "411200.html").read_text(encoding="utf-8")
    # An HTML parser drops some of the characters itself, so one report is a text file.
    page = page.replace("三门峡市人民政府2019年", f"三门{CONTROL_TEXT}峡市人民政府2019年").replace(
        "<td>252</td>", f"<td>x{CONTROL_TEXT}</td>"
    )
    text = (ROOT / "data" / "raw" / "2019" / "411281.txt").read_text(encoding="utf-8")
    text = text.replace("\t19\t", f"\tx{CONTROL_TEXT}\t")
    (folder / "a.html").write_text(page, encoding="utf-8", newline="")
    (folder / f"b{CONTROL_TEXT.replace('/', '')}.txt").write_text(
        text.replace("\t19\t", f"\tx{CONTROL_TEXT}\t"), "utf-8", newline=""
    )
    return folder


def test_reports_cannot_control_the_terminal(folder_with_control_text: Path) -> None:
    output = ""
    for path in sorted(p for p in folder_with_control_text.iterdir() if p.is_file()):
        for command in (("check", "--no-html"), ("extract",), ("extract", "--json")):
            result = ogi_here(folder_with_control_text, *command, str(path), "--lang", "en")
            assert result.returncode in (0, 1), result.stderr
            assert not CONTROL_CHARACTERS.search(result.stdout + result.stderr), (command, path)
            output += result.stdout
    assert "\\u001b" in output
    assert "\\u202e" in output


def test_query_results_and_messages_cannot_control_the_terminal(built: Path) -> None:
    statement = "SELECT '\x1b[31m' || chr(27) || chr(155) || chr(8238) AS a"
    for form in ("table", "json"):
        result = ogi_here(built, "query", statement, "--format", form)
        assert result.returncode == 0, result.stderr
        assert "\x1b" not in result.stdout
    assert (
        ogi_here(built, "query", statement, "--format", "csv").stdout.count("\x1b") == 2
    )  # CSV for a program keeps the text
    for command in (
        ("explain", "三门峡市\x1b[31m", "2019", "applications.new"),
        ("explain", "411200", "2019", "x\x1b[31m"),
    ):
        result = ogi_here(built, *command)
        assert result.returncode == 2
        assert "\x1b" not in result.stdout + result.stderr


def test_data_in_a_script_cannot_end_the_script() -> None:
    script = js_literal({HOSTILE: [HOSTILE]})
    assert json.loads(script) == {HOSTILE: [HOSTILE]}
    assert not set("<>&\u2028\u2029") & set(script)


def test_page_of_a_check_escapes_text(tmp_path: Path) -> None:
    report = (ROOT / "data" / "raw" / "2019" / "411200.html").read_text(encoding="utf-8")
    escaped = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    report = report.replace("三门峡市人民政府2019年", f"三门{escaped}峡市2019年").replace(
        "<td>252</td>", f"<td>{escaped}</td>"
    )
    name = "a<img src=x onerror=alert(2)>'.html"
    (tmp_path / name).write_text(report, encoding="utf-8")
    assert ogi_here(tmp_path, "check", name, "--html", "out").returncode == 1
    (page,) = (tmp_path / "out").rglob("*.html")
    html = page.read_text(encoding="utf-8")
    assert "&lt;img src=x onerror" in html
    assert "<img" not in html
    assert "<script" not in html
    assert "<!--" not in html


def test_every_template_escapes_text() -> None:
    parts = {"title": HOSTILE, "page_mark": HOSTILE, "stamp": "", "parts": []}
    assert "<img" not in render_page("report.html", **parts)


def test_data_docs_escape_text(built: Path, tmp_path: Path) -> None:
    """Great Expectations does not escape the values in its pages."""
    snapshot = tmp_path / "snapshot"
    shutil.copytree((built / "data" / "curated" / "current").resolve(), snapshot)
    for table, columns in (("reports", ("body", "provenance")), ("cells", ("raw", "kind"))):
        for file in (snapshot / table).glob("*.parquet"):
            _insert_hostile_text(file, columns)
    violations = validate(snapshot, tmp_path / "docs")
    assert any(
        HOSTILE in row.values() for v in violations for row in v.rows
    )  # the reported rows have the original text
    pages = [p.read_text(encoding="utf-8") for p in (tmp_path / "docs").rglob("*.html")]
    assert any("&lt;img src=x onerror" in page for page in pages)
    assert not any("<img src=x" in page or "</script><!--" in page for page in pages)
    assert all("Content-Security-Policy" in page for page in pages if "<head>" in page and "GreatExpectations" in page)


def _insert_hostile_text(file: Path, columns: tuple[str, ...]) -> None:
    """Write HOSTILE to the first row of the columns of a Parquet file."""
    data = pq.read_table(file)
    for name in columns:
        index = data.schema.get_field_index(name)
        values = [HOSTILE, *data.column(index).to_pylist()[1:]]
        data = data.set_column(index, data.schema.field(index), pa.array(values, data.schema.field(index).type))
    pq.write_table(data, file)


@pytest.mark.parametrize("arguments", [("run",), ("query", "SELECT * FROM cells", "--format", "csv"), ("status",)])
def test_reader_that_closes_the_pipe_is_no_error(request: pytest.FixtureRequest, arguments: tuple[str, ...]) -> None:
    """As in `ogi ... | head -0`: the command completes, and it reports no full disk."""
    project: Path = request.getfixturevalue("project" if arguments[0] == "run" else "built")
    command = [sys.executable, "-m", "pipeline.cli", *arguments, "--lang", "en"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        errors = child.stderr.read()
    assert child.returncode == 0, errors
    assert "pipe" not in errors
    assert (project / "data" / "curated" / "current" / "snapshot.json").is_file()
