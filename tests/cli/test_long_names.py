"""Test file names at the limit of the file system (255 bytes), and names beyond it."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from support.project import ROOT, ogi_here, run_here

REPORT = ROOT / "data" / "raw" / "2019" / "411200.html"
MAX_NAME_BYTES = 255
LONGEST_NAME = "报" * 83 + "a.html"  # 255 bytes
TOO_LONG_NAME = "报" * 90 + ".html"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows counts characters, not bytes"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a report whose name has 255 bytes."""
    assert len(LONGEST_NAME.encode()) == MAX_NAME_BYTES
    shutil.copyfile(REPORT, tmp_path / LONGEST_NAME)
    return tmp_path


def test_check_writes_a_page_with_a_shortened_name(folder: Path) -> None:
    result = ogi_here(folder, "check", LONGEST_NAME, "--html", "pages")
    assert result.returncode in (0, 1), result.stderr
    (page,) = (folder / "pages").iterdir()
    assert len(page.name.encode()) <= MAX_NAME_BYTES
    assert page.name.startswith("报报报")
    assert page.name.endswith(".check.html")


@pytest.mark.parametrize("command", ["check", "extract", "add"])
def test_name_beyond_the_limit_is_reported_in_one_line(folder: Path, command: str) -> None:
    result = ogi_here(folder, command, TOO_LONG_NAME)
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    assert TOO_LONG_NAME in result.stderr


def test_extract_reads_a_file_with_the_longest_name(folder: Path) -> None:
    result = ogi_here(folder, "extract", LONGEST_NAME, "--json")
    assert result.returncode in (0, 1), result.stderr
    assert json.loads(result.stdout)[0]["year"] == 2019


def test_run_loads_a_file_with_the_longest_name(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = ready / "data" / "raw" / "manifest.csv"
    (ready / "data" / "raw" / "2019" / "411200.html").rename(ready / "data" / "raw" / "2019" / LONGEST_NAME)
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("2019/411200.html", f"2019/{LONGEST_NAME}"), encoding="utf-8")
    assert run_here(ready) == 0
    assert '"loaded": 62' in capsys.readouterr().err
