"""The job as its users meet it: run, break something, look at exit code, message and published data."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from support.project import ROOT, ogi_here, ogi_in, run_here

from pipeline.core.paths import Data
from pipeline.job.plan import make_plan
from pipeline.storage.dictionary import dictionary
from pipeline.storage.snapshot import DEFAULT_KEPT


def snapshot(project: Path) -> Path:
    return (project / "data" / "curated" / "current").resolve()


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def ask(project: Path, sql: str) -> list[tuple[object, ...]]:
    files = {t: f"read_parquet('{snapshot(project)}/{t}/*.parquet')" for t in ("reports", "findings", "observations")}
    with duckdb.connect() as connection:
        return connection.execute(sql.format(**files)).fetchall()


def edit(project: Path, path: str, old: str, new: str) -> None:
    file = project / "data" / "raw" / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def program(tmp_path: Path) -> Path:
    """A copy of the program, to be changed."""
    for name in ("pipeline", "sql", "expectations"):
        shutil.copytree(ROOT / name, tmp_path / "program" / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "program"


def test_headline_of_the_shipped_data(built: Path) -> None:
    shown = ogi_in(built, "query", "headline", "-p", "region_code=411200", "-p", "year=2019")
    assert shown.returncode == 0
    lines = {line.split()[2]: line.split() for line in shown.stdout.splitlines() if line.strip().startswith("2019")}
    assert lines["主动公开政府信息数"][3:] == [
        "条", "129,790", "模拟", "simulated", "79.0", "28", "129,790", "转录", "transcribed", "79.0", "0",
    ]  # fmt: skip
    figures = {
        "本年新收申请": "265",
        "上年结转申请": "2",
        "本年办理总计": "267",
        "行政复议：总计": "50",
        "行政诉讼：总计": "26",
    }
    for label, figure in figures.items():
        assert lines[label][4:7] == [figure, "模拟", "simulated"]
        assert lines[label][-4:] == [figure, "转录", "transcribed", "0"]


def test_the_same_input_gives_the_same_bytes_anywhere(built: Path, project: Path) -> None:
    elsewhere = project / "another place 另一处"
    elsewhere.mkdir()
    (project / "data").rename(elsewhere / "data")
    assert ogi_in(elsewhere, "run", LANG="en_US.UTF-8", TZ="Asia/Shanghai", PYTHONHASHSEED="7").returncode == 0
    assert snapshot(elsewhere).name == snapshot(built).name
    assert contents(snapshot(elsewhere)) == contents(snapshot(built))


def test_a_second_run_does_nothing(ready: Path) -> None:
    def times() -> dict[Path, int]:
        found = (
            p for p in (ready / "data").rglob("*") if p.name not in (".lock", ".scan_cache") and "ledger" not in p.parts
        )
        return {p: p.stat().st_mtime_ns for p in found}

    before = times()
    result = ogi_in(ready, "run")
    assert result.returncode == 0
    assert "没有变化" in result.stdout
    assert times() == before
    assert [json.loads(line)["stage"] for line in result.stderr.splitlines()] == ["end"]


def test_a_broken_cell_is_named_with_both_sides(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(ready, "2019/411200.html", "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    code = run_here(ready)
    said = capsys.readouterr()
    assert code == 1
    (row,) = [line for line in said.out.splitlines() if "[applications/new/business]" in line and "印的是" in line]
    assert "raw/2019/411200.html" in row
    assert "「一、本年新收政府信息公开申请数量」商业企业" in row
    assert "印的是“80”，应为 8（多了一位数字）" in row
    assert "左边 265，右边 337，差 -72" in row
    statement = """SELECT identity, place, lhs, rhs, difference FROM {findings}
        WHERE status = 'fail' AND severity = 'error' AND report_id = '2019/411200.html' ORDER BY identity"""
    assert ask(ready, statement) == [
        ("app.balance", "applications/new/business", 80, 8, 72),
        ("app.row_total", "applications/new/total", 265, 337, -72),
        ("source.sha256", "raw/2019/411200.html", None, None, None),
    ]
    again = run_here(ready)
    assert again == 1  # nothing has changed, so it is as doubtful as before


def test_only_what_changed_is_read_again_and_gives_what_a_full_run_gives(
    ready: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The growth of 2019 follows from 2018 too, though no report of 2019 changes in the second run."""
    first = ("2019/411200.html", "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    agriculture = "2018/411200-agriculture.txt"
    second = [(agriculture, f"{words}1384", f"{words}1385") for words in ("公开政府信息", "计1条）\t条\t")]
    edit(ready, *first)
    assert run_here(ready) == 1
    before = {p.name for p in (snapshot(ready) / "growth").glob("2019-*")}
    for change in second:
        edit(ready, *change)
    assert run_here(ready) == 1
    assert {p.name for p in (snapshot(ready) / "growth").glob("2019-*")} != before
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(x["count"], x["kept"]) for x in logged if x["stage"] == "extract"] == [(1, 59)] * 2
    for change in (first, *second):
        edit(project, *change)
    assert run_here(project) == 1
    assert contents(snapshot(ready)) == contents(snapshot(project))


def test_bad_files_are_quarantined_and_the_rest_is_published(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    code = run_here(ready)
    said = capsys.readouterr()
    assert code == 1
    found = {
        str(path): str(why)
        for path, why in ask(ready, "SELECT path, reason_code FROM {reports} WHERE status = 'quarantined'")
    }
    assert sorted(found.values()) == [
        "extract.no_table", "manifest.unlisted", "read.binary", "read.empty", "read.missing", "read.too_large",
    ]  # fmt: skip
    for path in found:
        assert path in said.out
    assert ask(ready, "SELECT count(*) FROM {reports} WHERE status = 'loaded'") == [(55,)]
    statement = """SELECT members_reported, members_expected, difference FROM headline
        WHERE body_id = '411200' AND year = 2019 AND indicator = 'disclosed.items'"""
    (row,) = json.loads(ogi_here(ready, "query", statement, "--format", "json").stdout)
    assert (row["members_reported"], row["members_expected"]) == (23, 28)
    assert row["difference"] < 0
    growth = """SELECT growth_percent, comparable FROM growth
        WHERE basis = 'compiled' AND year = 2019 AND indicator = 'disclosed.items'"""
    (row,) = json.loads(ogi_here(ready, "query", growth, "--format", "json").stdout)
    assert row == {"growth_percent": None, "comparable": False}


def test_two_reports_of_one_body_are_both_kept_back(ready: Path) -> None:
    raw = ready / "data" / "raw"
    shutil.copy(raw / "2019" / "411200.html", raw / "2019" / "second.html")
    manifest = raw / "manifest.csv"
    line = next(x for x in manifest.read_text(encoding="utf-8").splitlines() if x.startswith("2019/411200.html"))
    with manifest.open("a", encoding="utf-8") as file:
        file.write(line.replace("411200.html", "second.html", 1) + "\n")
    code = run_here(ready)
    assert code == 1
    assert ask(ready, "SELECT report_id, reason_code FROM {reports} WHERE status = 'quarantined' ORDER BY 1") == [
        ("2019/411200.html", "report.duplicate"),
        ("2019/second.html", "report.duplicate"),
    ]


def test_a_report_on_the_form_of_another_year_is_read_and_told(ready: Path) -> None:
    raw = ready / "data" / "raw"
    (raw / "2021").mkdir()
    page = (raw / "2019" / "411200.html").read_text(encoding="utf-8").replace("2019年", "2021年")
    (raw / "2021" / "411200.html").write_text(page, encoding="utf-8")
    digest = hashlib.sha256(page.encode()).hexdigest()
    with (raw / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write(f"2021/411200.html,三门峡市人民政府,411200,city,2021,transcribed,测试,{digest}\n")
    assert run_here(ready) == 0
    assert ask(ready, "SELECT form FROM {reports} WHERE report_id = '2021/411200.html'") == [("2019",)]
    assert ask(ready, "SELECT identity, severity, note FROM {findings} WHERE identity = 'source.form'") == [
        ("source.form", "warning", "2021 | 2019")
    ]
    statement = """SELECT value FROM {observations}
        WHERE year = 2021 AND indicator = 'applications.other' AND applicant = 'total'"""
    assert ask(ready, statement) == [(1,)]


def test_simulated_can_not_be_registered_as_published(ready: Path) -> None:
    manifest = ready / "data" / "raw" / "manifest.csv"
    text = manifest.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("2019/411202."))
    manifest.write_text(text.replace(old, old.replace("simulated", "published")), encoding="utf-8")
    assert run_here(ready) == 1
    assert ask(ready, "SELECT reason_code FROM {reports} WHERE status = 'quarantined'") == [("report.simulated",)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("../../etc/passwd,甲,411200,city,2019,published,来源,00", "manifest.path"),
        ("/etc/passwd,甲,411200,city,2019,published,来源,00", "manifest.path"),
        ("2019/none.html,甲,411200,city,2019,published,来源,00", "read.missing"),
        ("2019/x.html,甲,411200,town,2019,published,来源,00", "manifest.line"),
        ("2019/x.html,甲,411200,city,二〇一九,published,来源,00", "manifest.line"),
        ("2019/x.html,三门峡市卫生健康委员会,411202,county,2019,published,来源,00", "register.differs"),
        ("2019/x.html,某某局,411202,county,2019,published,来源,00", "register.unknown"),
    ],
)
def test_wrong_manifest_lines_are_quarantined(ready: Path, line: str, why: str) -> None:
    raw = ready / "data" / "raw"
    if "x.html" in line:
        (raw / "2019" / "x.html").write_text("<table></table>", encoding="utf-8")
    with (raw / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    code = run_here(ready)
    assert code == 1
    assert ask(ready, "SELECT reason_code FROM {reports} WHERE status = 'quarantined'") == [(why,)]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("cells.json", '"max_value": 1', '"max_value": 0.5', "confidence"),
        ("cells.json", '"expect_column_values_to_be_between"', '"expect_column_values_to_be_bewteen"', "bewteen"),
        ("cells.json", '"name": "cells"', '"name": "cell"', "cells.json"),
        ("cells.json", "{", "", "cells.json"),
        ("reports.json", '"min_value": 2008', '"min_value": 2050', "2008"),
    ],
)
def test_violation_keeps_the_published_snapshot(
    ready: Path, tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    root = program(tmp_path)
    suite = root / "expectations" / file
    suite.write_text(suite.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    before, name = contents(snapshot(ready)), snapshot(ready).name
    result = ogi_in(ready, "run", root=root)
    assert result.returncode == 3
    assert says in result.stderr
    assert (snapshot(ready).name, contents(snapshot(ready))) == (name, before)
    assert ogi_here(ready, "query", "headline").returncode == 0


def test_violations_are_printed_with_their_rows(ready: Path, tmp_path: Path) -> None:
    root = program(tmp_path)
    columns = root / "pipeline" / "reference" / "columns.csv"
    line = "growth,basis,string,key,,compiled | reported"
    columns.write_text(columns.read_text(encoding="utf-8").replace(line, line.replace("compiled", "compilt")), "utf-8")
    result = ogi_in(ready, "run", root=root)
    assert result.returncode == 3
    row = json.loads(next(line for line in result.stderr.splitlines() if line.strip().startswith('{"basis')))
    assert {"body_id", "basis", "year", "indicator", "applicant"} <= set(row)
    docs = ready / "data" / "data_docs"
    index = (docs / "index.html").read_text(encoding="utf-8")
    assert index.count("✗ 不符") == 1
    (link,) = re.findall(r'href="([^"]+)"', index)
    assert "compilt" in (docs / link).read_text(encoding="utf-8")
    for page in docs.rglob("*.html"):  # they open without a network
        text = page.read_text(encoding="utf-8")
        assert "<script src=" not in text
        assert 'rel="stylesheet" href="http' not in text


def test_the_index_of_the_validation_says_what_was_tested(ready: Path) -> None:
    index = ready / "data" / "data_docs" / "index.html"
    assert index.read_text(encoding="utf-8").count("✓ 通过") == len(dictionary())
    edit(ready, "2019/411200.html", "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    run_here(ready)
    again = index.read_text(encoding="utf-8")
    assert again.count("✓ 通过") + again.count("沿用 unchanged") == len(dictionary())
    assert re.search(r"<td>cells</td><td>(\d+)</td><td>\1</td><td>✓ 通过</td>", again)
    assert "<td>regions</td><td>0</td><td>0</td><td>沿用 unchanged</td>" in again


def decide(project: Path, *lines: str) -> None:
    """Write a file of decisions, as an earlier version wrote it."""
    header = "body_id,year,cell,was,now,reason,evidence,who"
    (project / "data" / "decisions.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")


def test_a_decision_changes_what_is_published_and_nothing_else(ready: Path) -> None:
    edit(ready, "2019/411200.html", "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    decide(ready, "411200,2019,applications/new/business,80,8,多录一个零,原件第三页,张三")
    code = run_here(ready)
    statement = """SELECT value, obs_status FROM {observations}
        WHERE body_id = '411200' AND indicator = 'applications.new' AND applicant = 'business' AND year = 2019"""
    assert ask(ready, statement) == [(8, "I")]
    errors = ask(ready, "SELECT identity FROM {findings} WHERE status = 'fail' AND severity = 'error'")
    assert errors == [("source.sha256",)]
    assert code == 1
    shown = ogi_here(ready, "query", "SELECT raw, value FROM cells WHERE report_id = '2019/411200.html' "
                   "AND \"row\" = 'new' AND \"column\" = 'business'", "--format", "json")  # fmt: skip
    assert json.loads(shown.stdout) == [{"raw": "80", "value": 80}]


def test_only_the_report_of_a_new_decision_is_read_again(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide(ready, "411200,2019,applications/new/business,8,9,复核,原件第三页,张三")
    assert run_here(ready) == 1  # the total does not follow
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [(x["count"], x["kept"]) for x in logged if x["stage"] == "extract"] == [(1, 59)]


def test_a_stale_decision_is_loud(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide(ready, "411200,2019,applications/new/business,80,8,多录一个零,原件第三页,张三")
    assert run_here(ready) == 1
    assert "订正已失效" in capsys.readouterr().out
    assert ask(ready, "SELECT identity, status FROM {findings} WHERE severity = 'error' AND status = 'fail'") == [
        ("decision.stale", "fail")
    ]


@pytest.mark.parametrize(
    "line",
    ["411200,2019,applications/new/business,80,8,,原件,张三", "411200,2019,applications/new/business,80,八,x,x,x"],
)
def test_an_incomplete_decision_stops_the_run(ready: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    decide(ready, line)
    assert run_here(ready) == 3
    assert "decisions.csv" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["411299,2019", "411200,2016"])
def test_a_decision_without_a_report_is_a_warning(ready: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    """The office may have decided about reports that this data folder does not have."""
    decide(ready, f"{place},applications/new/business,8,9,理由,依据,张三")
    assert run_here(ready) == 0
    body, year = place.split(",")
    assert f"决定 {body} {year} applications/new/business 没有用上" in capsys.readouterr().err


def test_decisions_in_the_old_place_are_read_with_a_notice(ready: Path, tmp_path: Path) -> None:
    root, line = program(tmp_path), "411200,2019,applications/new/business,8,9,复核,原件第三页,张三"
    old = root / "pipeline" / "reference" / "decisions.csv"
    old.write_text(f"body_id,year,cell,was,now,reason,evidence,who\n{line}\n", encoding="utf-8")
    result = ogi_in(ready, "run", root=root)
    assert result.returncode == 1  # the total does not follow
    assert "旧位置" in result.stderr
    assert "data/decisions.csv" in result.stderr
    assert ask(ready, "SELECT obs_status FROM {observations} WHERE body_id = '411200' AND year = 2019 "
               "AND indicator = 'applications.new' AND applicant = 'business'") == [("I",)]  # fmt: skip
    decide(ready)
    result = ogi_in(ready, "run", root=root)
    assert "旧位置" not in result.stderr


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("labels.csv", "2091,applications,row,new,新收", "2091"),
        ("labels.csv", "2019,applications,rows,new,新收", "rows"),
        ("labels.csv", "2019,applications,row,nwe,新收", "nwe"),
        ("phrases.csv", "disclosed.itmes,whole,公开{n}条,,公开1条,1", "disclosed.itmes"),
        ("crosswalk.csv", "2019,applications,nwe,*,applications.new,equal,", "nwe"),
        ("crosswalk.csv", "2019,applications,new,*,applications.nwe,equal,", "applications.nwe"),
    ],
)
def test_a_misspelt_line_stops_the_run(ready: Path, tmp_path: Path, file: str, line: str, says: str) -> None:
    root = program(tmp_path)
    with (root / "pipeline" / "reference" / file).open("a", encoding="utf-8") as target:
        target.write(line + "\n")
    name = snapshot(ready).name
    result = ogi_in(ready, "run", root=root)
    assert result.returncode == 3
    assert says in result.stderr
    assert snapshot(ready).name == name


def test_a_tool_that_is_there_now_is_a_change(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_plan(Data(ready / "data")).id
    monkeypatch.setattr("pipeline.job.plan.installed_tools", lambda: ())
    assert make_plan(Data(ready / "data")).id != before


def test_nothing_to_publish_keeps_what_there_is(ready: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = snapshot(ready).name
    for file in (ready / "data" / "raw").rglob("*"):
        if file.is_file() and file.name != "manifest.csv":
            file.write_bytes(b"")
    code = run_here(ready)
    said = capsys.readouterr()
    assert code == 3
    assert "没有一份报告" in said.err
    assert snapshot(ready).name == name


def test_old_snapshots_are_swept_but_for_a_few(ready: Path) -> None:
    versions = ready / "data" / "versions"
    for count in range(DEFAULT_KEPT + 1):
        shutil.copytree(snapshot(ready), versions / f"{count:016x}")
    edit(ready, "2023/321300.html", "</h1>", "</h1><p>more</p>")
    assert run_here(ready) == 1  # the bytes are no longer the registered ones
    assert len(list(versions.iterdir())) == DEFAULT_KEPT + 1


def test_what_a_killed_sweep_left_is_swept(ready: Path) -> None:
    left = ready / "data" / "versions" / ".swept-left"
    shutil.copytree(snapshot(ready), left / "0123456789abcdef")
    edit(ready, "2023/321300.html", "</h1>", "</h1><p>more</p>")
    assert run_here(ready) == 1
    assert not [p for p in left.parent.iterdir() if p.name.startswith(".")]


def test_without_a_manifest_the_clerk_is_told(tmp_path: Path) -> None:
    assert ogi_in(tmp_path, "run").returncode == 2
    (tmp_path / "data" / "raw").mkdir(parents=True)
    result = ogi_in(tmp_path, "run")
    assert result.returncode == 3
    assert "manifest.csv" in result.stderr
    assert "Traceback" not in result.stderr
