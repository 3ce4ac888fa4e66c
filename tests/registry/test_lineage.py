"""Test totals and their notes over boundary changes, reorganisations, a missing county and a report on another form."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from support.project import copy_program, ogi_here, ogi_in

from pipeline.core.form import forms
from pipeline.core.model import ProjectFault
from pipeline.raw.manifest import MANIFEST_COLUMNS
from pipeline.registry.governments import governments
from pipeline.registry.load import load_register, read_register
from pipeline.registry.lookup import add_reporting_bodies
from pipeline.registry.regions import load_regions
from pipeline.simulate.render import DocumentText, render_html

pytestmark = pytest.mark.slow

CITY = "411200"
BODIES = """body_id,name,aliases,level,region_code,parent,first_year,last_year
411200,三门峡市人民政府,三门峡市,city,411200,,,
411203,陕州区人民政府,,county,411203,411200,2015,
411221,渑池县人民政府,,county,411221,411200,,
411222,陕县人民政府,,county,411222,411200,,2014
both,甲局,,department,411200,411200,,
commerce,乙局,,department,411200,411200,,2014
quality,丙局,,department,411200,411200,,2014
market,丁局,,department,411200,411200,2015,
half,戊局,,department,411200,411200,2015,
young,己局,,department,411200,411200,2015,
"""
SUCCESSIONS = """body_id,successor,year,kind,note
411222,411203,2015,replaced,撤县设区
both,half,2015,split,分出一部分
commerce,market,2015,merged,并入
quality,market,2015,merged,并入
"""
# Applications received, by year and body.
RECEIVED = {
    2014: {"411222": 10, "411221": 20, "commerce": 3, "quality": 4, "both": 8},
    2015: {"411203": 12, "411221": 22, "market": 9, "both": 5, "half": 4, "young": 1},
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the program whose shipped register is BODIES and SUCCESSIONS."""
    folder = copy_program(tmp_path_factory.mktemp("program"))
    (folder / "pipeline" / "reference" / "bodies.csv").write_text(BODIES, encoding="utf-8")
    (folder / "pipeline" / "reference" / "successions.csv").write_text(SUCCESSIONS, encoding="utf-8")
    return folder


def write_report(folder: Path, body: str, year: int, received: int, form: str = "2014") -> dict[str, str]:
    """Write a report in which only the applications received are not 0; return its manifest line."""
    names = {line["body_id"]: line for line in csv.DictReader(BODIES.splitlines())}
    table = "statistics" if form == "2014" else "applications"
    printed = dict.fromkeys(forms()[form].addresses(), "0")
    if form == "2014":
        printed |= {f"{table}/received.{r}/value": str(received) for r in ("total", "online")}
    else:
        rows = ("new", "granted", "handled")
        printed |= {f"{table}/{r}/{c}": str(received) for r in rows for c in ("natural_person", "total")}
    title = f"（模拟）{names[body]['name']}{year}年政府信息公开工作年度报告"
    content = render_html(forms()[form], printed, DocumentText(title, "模拟数据"), encoding="utf-8")
    path = folder / "data" / "raw" / str(year) / f"{body}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    line = dict.fromkeys(MANIFEST_COLUMNS, "")
    line |= {"path": f"{year}/{body}.html", "body": names[body]["name"], "region_code": names[body]["region_code"]}
    line |= {"level": names[body]["level"], "year": str(year), "provenance": "simulated", "source": "test"}
    return line | {"sha256": hashlib.sha256(content).hexdigest()}


def run(folder: Path, program: Path, lines: list[dict[str, str]]) -> None:
    """Write the manifest and run the job, which must end without errors."""
    with (folder / "data" / "raw" / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, MANIFEST_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(lines, key=lambda line: line["path"]))
    result = ogi_in(folder, "run", "--quiet", root=program)
    assert result.returncode == 0, result.stderr + result.stdout


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of an `ogi query`."""
    result = ogi_here(folder, "query", sql, "--format", "json")
    return [tuple(row.values()) for row in json.loads(result.stdout)]


@pytest.fixture(scope="module")
def complete(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published project in which every body of RECEIVED has a report."""
    folder = tmp_path_factory.mktemp("complete")
    run(folder, program, [write_report(folder, b, y, n) for y, counts in RECEIVED.items() for b, n in counts.items()])
    return folder


def growth_rows(folder: Path, where: str) -> list[tuple[Any, ...]]:
    """Return the growth rows of the new applications in 2015."""
    sql = f"""SELECT value, prior, prior_basis, change, growth_percent, comparable FROM growth
        WHERE indicator = 'applications.new' AND applicant = 'total' AND year = 2015 AND {where}
        AND (basis = 'reported' OR body_id = '{CITY}')"""
    return query(folder, sql)


def test_city_is_comparable_across_reorganisations(complete: Path) -> None:
    (row,) = growth_rows(complete, "basis = 'compiled'")
    assert row == (53, 45, "same", 8, 17.7778, True)
    sql = "SELECT year, compiled, members_expected, members_counted, members_missing FROM city_year"
    where = " WHERE indicator = 'applications.new' AND applicant = 'total' ORDER BY year"
    assert query(complete, sql + where) == [(2014, 45, 5, 5, None), (2015, 53, 6, 6, None)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("411221", (22, 20, "same", 2, 10, True)),
        ("411203", (12, 10, "predecessors", 2, 20, True)),  # 陕县 became 陕州区
        ("market", (9, 7, "predecessors", 2, 28.5714, True)),  # the sum of both predecessors
        ("young", (1, 0, "new", 1, None, True)),  # the prior value of a new department is 0
        ("both", (5, None, "split", None, None, False)),  # a split has no comparable predecessor
        ("half", (4, None, "split", None, None, False)),
    ],
)
def test_body_is_compared_only_with_predecessors_that_it_replaced_entirely(
    complete: Path, body: str, expected: tuple[Any, ...]
) -> None:
    assert growth_rows(complete, f"basis = 'reported' AND body_id = '{body}'") == [expected]


def test_successions_are_noted_in_the_coverage(complete: Path, program: Path) -> None:
    sql = "SELECT body_id, note FROM coverage WHERE year = 2015 AND note IS NOT NULL ORDER BY body_id"
    assert dict(query(complete, sql)) == {
        "411203": "411222 replaced 撤县设区",
        "half": "both split 分出一部分",
        "market": "commerce merged 并入; quality merged 并入",
    }
    text = ogi_in(complete, "explain", "三门峡市", "2015", "applications.new", root=program).stdout
    assert "陕州区人民政府：12" in text
    assert "411222 replaced 撤县设区" in text


def test_missing_county_body_out_of_its_years_and_other_form_are_reported(program: Path, tmp_path: Path) -> None:
    lines = [write_report(tmp_path, b, 2014, n) for b, n in RECEIVED[2014].items()]
    lines += [write_report(tmp_path, b, 2015, n) for b, n in RECEIVED[2015].items() if b not in ("411221", "young")]
    lines.append(write_report(tmp_path, "young", 2015, 1, form="2019"))  # on the form of 2019
    lines.append(write_report(tmp_path, "411222", 2015, 10))  # ended in 2014
    run(tmp_path, program, lines)
    (row,) = query(
        tmp_path,
        """SELECT compiled, members_expected, members_counted, members_missing FROM city_year
        WHERE indicator = 'applications.new' AND applicant = 'total' AND year = 2015""",
    )
    assert row == (31, 6, 5, "411221")
    (growth,) = growth_rows(tmp_path, "basis = 'compiled'")
    assert growth == (31, 45, "members_differ", -14, None, False)
    findings = "SELECT identity, report_id, severity FROM findings WHERE identity LIKE 'source.%' ORDER BY identity"
    assert query(tmp_path, findings) == [
        ("source.body_year", "2015/411222.html", "warning"),
        ("source.form", "2015/young.html", "warning"),
    ]
    status = ogi_in(tmp_path, "status", root=program).stdout
    assert "不计入全市汇总" in status
    assert "另一版表式" in status
    text = ogi_in(tmp_path, "explain", CITY, "2015", "applications.new", root=program).stdout
    assert "应报 6 个机关，计入 5 个" in text
    assert "渑池县人民政府：缺报" in text


@pytest.mark.parametrize(
    ("bodies", "successions", "error"),
    [
        (BODIES.replace("411203,411200,2015,", "411203,411200,2015,2014"), SUCCESSIONS, "ends before"),
        (BODIES.replace(",,2014\nboth", ",,zwei\nboth"), SUCCESSIONS, "411222"),
        (BODIES, SUCCESSIONS.replace("replaced", "swallowed"), "unknown kind"),
        (BODIES, SUCCESSIONS + "nobody,market,2015,merged,\n", "unknown kind or body"),
        (BODIES, SUCCESSIONS.replace("411222,411203,2015", "411222,411203,2016"), "does not report then"),
        (BODIES.replace(",,2014\nboth", ",,\nboth"), SUCCESSIONS, "must end in 2014"),
        (BODIES, SUCCESSIONS + "commerce,half,2015,merged,\n", "two successors took over"),
    ],
)
def test_register_that_contradicts_itself_is_refused(tmp_path: Path, bodies: str, successions: str, error: str) -> None:
    (tmp_path / "bodies.csv").write_text(bodies, encoding="utf-8")
    (tmp_path / "successions.csv").write_text(successions, encoding="utf-8")
    with pytest.raises(ProjectFault, match=error):
        read_register([tmp_path])


def test_governments_follow_the_code_table() -> None:
    assert governments().by_code["100000"].name == "全国"
    for code in governments().periods:
        body = governments().by_code[code]
        region = load_regions().region_of(code, body.last_year or 2025)
        assert region is not None
        assert body.name.removesuffix("人民政府").removesuffix("行政公署").endswith(region.name)
    city = governments().by_code["411200"]
    counties = add_reporting_bodies(load_register(), [city])
    links = {(s.body_id, s.successor, s.year, s.kind) for s in counties.successions}
    assert ("411222", "411203", 2015, "replaced") in links
