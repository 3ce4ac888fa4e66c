"""Build snapshots from reports and manifest lines that are wrong: each is reported, the other reports are published."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from support.project import fresh, ogi_here, query_snapshot, replace_in_report, run_here

pytestmark = pytest.mark.slow


def add_manifest_lines(project: Path, *lines: str) -> None:
    """Append lines to the manifest of a project."""
    with (project / "data" / "raw" / "manifest.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def test_wrong_cell_is_reported_with_both_sides(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace_in_report(ready, "2019/411200.html", "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    assert run_here(ready) == 1
    output = capsys.readouterr().out
    (row,) = [line for line in output.splitlines() if "[applications/new/business]" in line and "印的是" in line]
    assert "raw/2019/411200.html" in row
    assert "「一、本年新收政府信息公开申请数量」商业企业" in row
    assert "印的是“80”，应为 8（多了一位数字）" in row
    assert "总计是 265，六类申请人之和是 337，相差 72" in row
    statement = """SELECT identity, place, lhs, rhs, difference FROM {findings}
        WHERE status = 'fail' AND severity = 'error' AND report_id = '2019/411200.html' ORDER BY identity"""
    assert query_snapshot(ready, statement) == [
        ("app.balance", "applications/new/business", 80, 8, 72),
        ("app.row_total", "applications/new/total", 265, 337, -72),
        ("source.sha256", "raw/2019/411200.html", None, None, None),
    ]
    assert run_here(ready) == 1  # an unchanged input has the same errors, so it has the same exit code


def test_unreadable_files_are_quarantined_and_the_others_are_published(
    ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = ready / "data" / "raw" / "2019"
    (raw / "411202.txt" if (raw / "411202.txt").exists() else raw / "411202.html").write_bytes(b"")
    names = sorted(p.name for p in raw.iterdir() if p.stem in ("411203", "411221", "411224", "411281"))
    (raw / names[0]).write_bytes(bytes(range(256)) * 100)
    with (raw / names[1]).open("wb") as file:
        file.write(b"1" * 1024)
        file.truncate(1024**3)
    (raw / names[2]).write_text("<html><body><p>没有表格</p></body></html>", encoding="utf-8")
    (raw / names[3]).unlink()
    (raw / "stray.html").write_text("x", encoding="utf-8")
    assert run_here(ready) == 1
    output = capsys.readouterr().out
    reasons = {
        str(path): str(reason)
        for path, reason in query_snapshot(
            ready, "SELECT path, reason_code FROM {reports} WHERE status = 'quarantined'"
        )
    }
    assert sorted(reasons.values()) == [
        "extract.no_table", "manifest.unlisted", "read.binary", "read.empty", "read.missing", "read.too_large",
    ]  # fmt: skip
    for path in reasons:
        assert path in output
    assert query_snapshot(ready, "SELECT count(*) FROM {reports} WHERE status = 'loaded'") == [(57,)]
    assert_city_is_compiled_from_the_other_members(ready)


def assert_city_is_compiled_from_the_other_members(project: Path) -> None:
    """Check that the totals of 2019 name 23 of 28 members, and that no growth is computed from them."""
    statement = """SELECT members_counted, members_expected, difference FROM headline
        WHERE body_id = '411200' AND year = 2019 AND indicator = 'disclosed.items'"""
    (row,) = json.loads(ogi_here(project, "query", statement, "--format", "json").stdout)
    assert (row["members_counted"], row["members_expected"]) == (23, 28)
    assert row["difference"] < 0
    growth = """SELECT growth_percent, comparable FROM growth
        WHERE basis = 'compiled' AND body_id = '411200' AND year = 2019 AND indicator = 'disclosed.items'"""
    (row,) = json.loads(ogi_here(project, "query", growth, "--format", "json").stdout)
    assert row == {"growth_percent": None, "comparable": False}


def test_two_reports_of_one_body_and_year_are_both_quarantined(ready: Path) -> None:
    raw = ready / "data" / "raw"
    shutil.copy(raw / "2019" / "411200.html", raw / "2019" / "second.html")
    lines = (raw / "manifest.csv").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith("2019/411200.html"))
    add_manifest_lines(ready, line.replace("411200.html", "second.html", 1))
    assert run_here(ready) == 1
    assert query_snapshot(
        ready, "SELECT report_id, reason_code FROM {reports} WHERE status = 'quarantined' ORDER BY 1"
    ) == [
        ("2019/411200.html", "report.duplicate"),
        ("2019/second.html", "report.duplicate"),
    ]


def test_report_on_the_form_of_another_year_is_loaded_with_a_warning(ready: Path) -> None:
    raw = ready / "data" / "raw"
    (raw / "2021").mkdir()
    page = (raw / "2019" / "411200.html").read_text(encoding="utf-8").replace("2019年", "2021年")
    (raw / "2021" / "411200.html").write_text(page, encoding="utf-8")
    digest = hashlib.sha256(page.encode()).hexdigest()
    add_manifest_lines(ready, f"2021/411200.html,三门峡市人民政府,411200,city,2021,transcribed,测试,{digest}")
    assert run_here(ready) == 0
    assert query_snapshot(ready, "SELECT form FROM {reports} WHERE report_id = '2021/411200.html'") == [("2019",)]
    assert query_snapshot(ready, "SELECT identity, severity, note FROM {findings} WHERE identity = 'source.form'") == [
        ("source.form", "warning", "2021 | 2019")
    ]
    statement = """SELECT value FROM {observations}
        WHERE year = 2021 AND indicator = 'applications.other' AND applicant = 'total'"""
    assert query_snapshot(ready, statement) == [(1,)]


def test_simulated_report_cannot_be_registered_as_published(ready: Path) -> None:
    manifest = ready / "data" / "raw" / "manifest.csv"
    text = manifest.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("2019/411202."))
    manifest.write_text(text.replace(old, old.replace("simulated", "published")), encoding="utf-8")
    assert run_here(ready) == 1
    assert query_snapshot(ready, "SELECT reason_code FROM {reports} WHERE status = 'quarantined'") == [
        ("report.simulated",)
    ]


# Wrong manifest lines, by path: the other fields, and the reason for the quarantine.
WRONG_LINES = {
    "../../etc/passwd": ("甲,411200,city,2019,published,来源,00", "manifest.path"),
    "/etc/passwd": ("甲,411200,city,2019,published,来源,00", "manifest.path"),
    "2019/none.html": ("甲,411200,city,2019,published,来源,00", "read.missing"),
    "2019/level.html": ("甲,411200,town,2019,published,来源,00", "manifest.line"),
    "2019/year.html": ("甲,411200,city,二〇一九,published,来源,00", "manifest.line"),
    "2019/code.html": ("三门峡市卫生健康委员会,411202,county,2019,published,来源,00", "register.differs"),
    "2019/body.html": ("某某局,411202,county,2019,published,来源,00", "register.unknown"),
}


@pytest.fixture(scope="module")
def quarantine_reasons(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the reasons for quarantine by path, after one run with all WRONG_LINES."""
    project = fresh(tmp_path_factory.mktemp("manifest") / "project")
    for path in WRONG_LINES:
        if path.startswith("2019/") and path != "2019/none.html":
            (project / "data" / "raw" / path).write_text(f"<table></table>{path}", encoding="utf-8")
    add_manifest_lines(project, *(f"{path},{fields}" for path, (fields, _) in WRONG_LINES.items()))
    assert run_here(project) == 1
    statement = "SELECT path, reason_code FROM {reports} WHERE status = 'quarantined'"
    return {str(path): str(reason) for path, reason in query_snapshot(project, statement)}


@pytest.mark.parametrize("path", WRONG_LINES)
def test_wrong_manifest_line_is_quarantined(quarantine_reasons: dict[str, str], path: str) -> None:
    reasons = {p: reason for p, reason in quarantine_reasons.items() if p.removeprefix("raw/") == path}
    assert list(reasons.values()) == [WRONG_LINES[path][1]], quarantine_reasons
    assert len(quarantine_reasons) == len(WRONG_LINES)


OLD_REPORT = """三门峡市人民政府2012年政府信息公开工作年度报告

一、概述

2012年，全市主动公开政府信息7300条，收到政府信息公开申请41件。
"""


@pytest.mark.parametrize(
    ("year", "code", "identity", "severity"),
    [(2012, 0, "extract.before_tables", "warning"), (2022, 1, "extract.no_tables", "error")],
)
def test_report_without_tables_is_loaded_with_its_figures(
    ready: Path, year: int, code: int, identity: str, severity: str
) -> None:
    content = OLD_REPORT.replace("2012", str(year)).encode()
    path = ready / "data" / "raw" / str(year) / "411200.txt"
    path.parent.mkdir()
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    add_manifest_lines(ready, f"{year}/411200.txt,三门峡市人民政府,411200,city,{year},transcribed,测试,{digest}")
    assert run_here(ready) == code
    report = f"{year}/411200.txt"
    assert query_snapshot(ready, f"SELECT form, status FROM {{reports}} WHERE report_id = '{report}'") == [
        ("prose", "loaded")
    ]
    findings = f"SELECT identity, severity FROM {{findings}} WHERE report_id = '{report}' AND status = 'fail'"
    assert query_snapshot(ready, findings) == [(identity, severity)]
    observations = f"SELECT indicator, value FROM {{observations}} WHERE report_id = '{report}'"
    assert query_snapshot(ready, observations) == [("disclosed.items", 7300)]
    site = ogi_here(ready, "site", "--out", "site")
    assert site.returncode == 0, site.stderr
    assert (ready / "site" / "data" / "form-prose.js").exists()
