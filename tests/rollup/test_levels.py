"""A made province from townships to the nation: totals, doubts, coverage, and the way back to the cells."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.made_reports import applications, write_manifest, write_report
from support.project import ogi_here, run_here

from pipeline.core.paths import Data
from pipeline.publish.trace import trace_down, trace_up
from pipeline.storage.database import connect, rows

pytestmark = pytest.mark.slow

# Applications by body. 洛阳市 and its county 栾川县 have no report of their own.
RECEIVED = {
    "三门峡市": 100, "三门峡市湖滨区": 30, "洛阳市嵩县": 12, "洛阳市教育局": 5, "栾川县城关镇": 3, "栾川县赤土店镇": 4,
    "河南省财政厅": 2,
}  # fmt: skip
TOTAL = "year = 2024 AND indicator = 'applications.new' AND applicant = 'total'"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published project with the reports of RECEIVED for 2024, some of which have faults.

    汝阳县 has a blank form, 宜阳县 a file that cannot be read, and a total of 嵩县 has a digit too many. Two bodies
    also have a report on 2022, and none has one on 2023.
    """
    folder = tmp_path_factory.mktemp("province")
    lines = [write_report(folder, name, 2024, applications(count)) for name, count in RECEIVED.items()]
    slip = applications(12) | {"applications/new/total": "122"}
    lines[2] = write_report(folder, "洛阳市嵩县", 2024, slip)
    lines.append(write_report(folder, "洛阳市汝阳县", 2024, {}))
    lines.append(write_report(folder, "洛阳市宜阳县", 2024, applications(1)) | {"sha256": "0" * 64})
    (folder / "data" / "raw" / lines[-1]["path"]).write_bytes(b"")
    lines += [write_report(folder, name, 2022, applications(12)) for name in ("洛阳市嵩县", "三门峡市湖滨区")]
    write_manifest(folder, lines)
    assert run_here(folder) == 1  # with errors in single reports
    return folder


def ask(folder: Path, sql: str) -> list[dict[str, Any]]:
    with connect(Data(folder / "data")) as connection:
        return rows(connection, sql)


def test_compiled_figures_of_every_level(province: Path) -> None:
    columns = "compiled, members_expected, members_reported, members_substituted, members_counted"
    found = {r["body"]: r for r in ask(province, f"SELECT body, {columns} FROM compiled WHERE {TOTAL}")}
    figures = {name: tuple(int(row[c]) for c in columns.split(", ")) for name, row in found.items()}
    assert figures == {
        "栾川县人民政府": (7, 2, 2, 0, 2),
        "洛阳市人民政府": (122 + 7 + 5, 15, 2, 1, 3),
        "三门峡市人民政府": (30, 28, 1, 0, 1),
        "河南省人民政府": (134 + 100 + 2, 19, 2, 1, 3),  # the county of 三门峡市 is in the city's own 100
        "全国": (236, 31, 0, 1, 1),
    }


def test_doubt_reaches_every_total(province: Path) -> None:
    """The county's 122 should be 12: its city, province and nation say so."""
    (own,) = ask(province, f"SELECT value, in_doubt, implied FROM observations WHERE {TOTAL} AND body_id = '410325'")
    assert own == {"value": 122, "in_doubt": "explained", "implied": 12}
    doubts = {r["body"]: r["in_doubt"] for r in ask(province, f"SELECT body, in_doubt FROM compiled WHERE {TOTAL}")}
    assert doubts == {
        "栾川县人民政府": 0, "三门峡市人民政府": 0, "洛阳市人民政府": 1, "河南省人民政府": 1, "全国": 1,
    }  # fmt: skip
    sql = """SELECT in_doubt, members_counted FROM rates
        WHERE year = 2024 AND basis = 'compiled' AND body_id = '410300' AND rate = 'carried_out_share'"""
    assert ask(province, sql) == [{"in_doubt": 1, "members_counted": 3}]
    result = ogi_here(province, "query", "doubts", "-p", "body=河南省人民政府", "--format", "csv").stdout
    assert "嵩县人民政府" in result
    explained = ogi_here(province, "explain", "河南省人民政府", "2024", "applications.new").stdout
    assert "其中 1 个数存疑" in explained
    assert "嵩县人民政府（代 洛阳市人民政府）：122" in explained
    assert "应为 12" in explained


def test_province_is_traced_down_to_cells_and_back(province: Path) -> None:
    with connect(Data(province / "data")) as connection:
        trace = trace_down(connection, "410000", 2024, "applications.new", "total")
        township = next(m for m in trace["compiled"]["members"] if m["body"] == "栾川县城关镇人民政府")
        up = trace_up(connection, township["report_id"], "applications/new/total")
    known = [m for m in trace["compiled"]["members"] if m["value"] is not None]
    assert sum(m["value"] for m in known) == trace["compiled"]["compiled"] == Decimal(236)
    assert all(m["cells"] for m in known)
    assert (township["member"], township["cells"][0]["raw"]) == ("410300", "3")
    totals = {row["body_id"] for row in up[0]["enters"] if row["table"] == "compiled"}
    assert totals == {"410324", "410300", "410000", "100000"}


def test_coverage_has_own_reports_blanks_faults_and_silent_years(province: Path) -> None:
    sql = "SELECT body_id, status FROM coverage WHERE year = {} AND body_id LIKE '4103%' ORDER BY body_id"
    statuses = {row["body_id"]: row["status"] for row in ask(province, sql.format(2024))}
    assert statuses["410300"] == statuses["410324"] == "absent"
    assert (statuses["410325"], statuses["410326"], statuses["410327"]) == ("loaded", "blank", "quarantined")
    silent = {row["body_id"]: row["status"] for row in ask(province, sql.format(2023))}
    assert silent["410325"] == "absent"
    assert len(silent) == 16  # the city, its counties and its bureau
    missing = ogi_here(province, "query", "missing", "-p", "body=洛阳市", "-p", "year=2024").stdout
    assert "洛阳市人民政府" in missing
    assert "空表" in missing
    assert ask(province, "SELECT count(*) AS n FROM observations WHERE body_id = '410326' AND value IS NOT NULL") == [
        {"n": 0}
    ]


def test_regions_have_one_figure_each(province: Path) -> None:
    sql = f"SELECT region_code, level, value, basis FROM region_year WHERE {TOTAL} ORDER BY region_code"
    figures = {r["region_code"]: (r["level"], int(r["value"]), r["basis"]) for r in ask(province, sql)}
    assert figures == {
        "100000": ("nation", 236, "compiled"),
        "410000": ("province", 236, "compiled"),
        "410300": ("prefecture", 134, "compiled"),
        "410324": ("county", 7, "compiled"),
        "410325": ("county", 122, "reported"),
        "411200": ("prefecture", 100, "reported"),
        "411202": ("county", 30, "reported"),
    }


def test_form_of_a_province_names_members_and_doubts(province: Path, tmp_path: Path) -> None:
    arguments = ("compile", "--body", "河南省", "--year", "2024", "--out", str(tmp_path), "--format", "html")
    assert ogi_here(province, *arguments).returncode == 1
    assert not list(tmp_path.glob("*.html"))  # members are missing
    result = ogi_here(province, *arguments, "--force")
    assert result.returncode == 0, result.stderr
    assert "应报 19 个机关，计入 3 个" in result.stdout
    assert "洛阳市人民政府没有报告，用其下级之和代替" in result.stdout
    assert "格的数存疑" in result.stdout
