"""Statements of a person about a report of another kind: quarter and subject, also against the file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.bulletins import Bulletin, html_of, website_table
from support.project import ogi_here, run_here

from pipeline.core.paths import Data
from pipeline.raw.start import start_folder

THIRD = html_of(Bulletin(quarter=3))
NO_QUARTER = THIRD.replace("第三季度", "")
SITE = website_table(2021, "4112000001", (30, 20, 10))
NO_CODE = SITE.replace("<td>政府网站标识码</td><td>4112000001</td>", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of 三门峡市."""
    start_folder(Data(tmp_path / "data"), "三门峡市", [])
    return tmp_path


def add(folder: Path, text: str, *options: str) -> str:
    """Add one report and return what was printed."""
    (folder / "report.html").write_text(text, encoding="utf-8")
    added = ogi_here(folder, "add", "report.html", "--source", "模拟", *options)
    return added.stdout + added.stderr


def lines(folder: Path) -> list[Mapping[str, str]]:
    """Return the lines of the manifest."""
    path = folder / "data" / "raw" / "manifest.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("text", "options", "answer"),
    [
        (NO_QUARTER, (), "没有写明是哪一季度的报告。请写明季度。（一次收一个文件，用 --quarter"),
        (THIRD.replace("第三季度", "第五季度"), (), "不能确定是哪一季度的报告（第五季度）"),
        (THIRD.replace("第三季度", "上半年"), (), "不能确定是哪一季度的报告（上半年）"),
        (THIRD, ("--quarter", "2"), "写明的是第 2 季度，文件标题却是第 3 季度"),
        (SITE, ("--quarter", "2"), "这份报告不按季度"),
        (NO_CODE, (), "没有写明政府网站标识码，分不清是哪一份报告。请写明。（一次收一个文件，用 --subject"),
        (SITE, ("--subject", "4112000009"), "写明的是“4112000009”，文件里却是“4112000001”"),
        (THIRD, ("--subject", "4112000009"), "这份报告不需要写明“4112000009”"),
        (NO_CODE, ("--subject", "../../4112000009"), "“../../4112000009”不能作文件名的一部分"),
        (SITE.replace("4112000001", "../../4112000001"), (), "没有写明政府网站标识码"),
    ],
)
def test_question_or_contradiction_is_named_and_nothing_registered(
    folder: Path, text: str, options: tuple[str, ...], answer: str
) -> None:
    printed = add(folder, text, *options)
    assert answer in printed, printed
    assert "？" not in printed
    assert lines(folder) == []


def test_stated_quarter_and_subjects_are_registered_and_run_without_a_question(folder: Path) -> None:
    add(folder, NO_QUARTER, "--quarter", "3")
    add(folder, NO_CODE, "--subject", "4112000002")
    add(folder, NO_CODE.replace("67890", "67891"), "--subject", "4112000003")
    registered = {(line["kind"], line["quarter"] or "", line["subject"] or "") for line in lines(folder)}
    assert registered == {
        ("inspection", "3", ""),
        ("website_annual", "", "4112000002"),
        ("website_annual", "", "4112000003"),
    }
    assert run_here(folder) == 0
    assert "没有写明" not in ogi_here(folder, "status").stdout


def test_statement_is_for_one_file(folder: Path) -> None:
    (folder / "in").mkdir()
    for name in ("1", "2"):
        (folder / "in" / f"{name}.html").write_text(NO_QUARTER, encoding="utf-8")
    refused = ogi_here(folder, "add", "in", "--quarter", "3")
    assert refused.returncode == 2
    assert "--quarter 只能用于一个文件" in refused.stderr
