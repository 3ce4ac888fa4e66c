"""Reports without statutory tables: which documents they are, their figures, and what is said about the tables."""

from __future__ import annotations

import pytest

from pipeline.core.form import are_tables_due, form_without_tables
from pipeline.core.model import DataFault, Extraction
from pipeline.extract import extract
from pipeline.read import read_bytes
from pipeline.registry.load import load_register
from pipeline.report import judge_missing_tables

OLD_REPORT = """三门峡市民政局2011年政府信息公开工作年度报告

一、概述

2011年，我局主动公开政府信息86条，未收到政府信息公开申请。
"""


def extract_text(text: str) -> Extraction:
    """Return what is extracted from a text file."""
    return extract(read_bytes(text.encode()), load_register())


def list_severities(extraction: Extraction) -> list[tuple[str, str, str]]:
    """Return identity, severity and note of each finding."""
    return [(f.identity, f.severity, f.note) for f in extraction.findings]


def test_report_without_tables_has_its_figures() -> None:
    extraction = extract_text(OLD_REPORT)
    assert (extraction.form, extraction.body, extraction.year) == ("prose", "三门峡市民政局", 2011)
    assert extraction.cells == ()
    figures = [(f.row, int(f.value), f.scope) for f in extraction.figures]
    assert figures == [("disclosed.items", 86, "whole"), ("applications.received", 0, "whole")]


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        ("2011年", ("extract.before_tables", "warning", "2")),
        ("2013年", ("extract.before_tables", "warning", "2")),
        ("2014年", ("extract.no_tables", "error", "2")),
        ("2024年", ("extract.no_tables", "error", "2")),
        ("本年", ("extract.no_tables", "error", "2")),
    ],
)
def test_missing_tables_are_an_error_once_they_are_prescribed(year: str, expected: tuple[str, str, str]) -> None:
    assert expected in list_severities(extract_text(OLD_REPORT.replace("2011年", year)))


def test_registered_year_decides_whether_tables_are_due() -> None:
    extraction = extract_text(OLD_REPORT)
    identities = [f.identity for f in judge_missing_tables(extraction, 2022)]
    assert identities == ["extract.no_tables"]
    assert not are_tables_due(2013)
    assert are_tables_due(2014)


@pytest.mark.parametrize(
    "text",
    [
        # no title: headings, or figures of two rows
        "一、概述\n\n今年工作正常。\n\n二、主动公开情况\n\n栏目已更新。",
        "我局主动公开政府信息86条，收到政府信息公开申请2件。",
        # a title and one heading, in traditional characters
        "某某市2012年政府信息公開工作年度報告\n\n一、總體情況\n\n工作正常。",
    ],
)
def test_two_signs_make_a_report(text: str) -> None:
    assert extract_text(text).form == form_without_tables().code


@pytest.mark.parametrize(
    "text",
    [
        "关于召开政府信息公开工作年度报告编制会议的通知\n\n请于周五参加会议。",
        "我局主动公开政府信息86条。",
        "一、总体情况\n\n公司全年销售平稳。\n\n二、财务情况",
    ],
)
def test_another_document_without_tables_is_a_fault(text: str) -> None:
    with pytest.raises(DataFault) as fault:
        extract_text(text)
    assert fault.value.code == "extract.no_table"
