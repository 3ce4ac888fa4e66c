"""Test the commands as users run them: help, extract, status, query, add and simulate."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from support.bulletins import Bulletin, write_bulletins
from support.project import ROOT, copy_program, file_contents, ogi_here, ogi_in, run_here

from pipeline.raw.manifest import read_lines

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("command", ["run", "extract", "status", "query", "export", "add", "simulate"])
def test_help_in_both_languages(tmp_path: Path, command: str) -> None:
    chinese = ogi_in(tmp_path, command, "--help")
    english = ogi_in(tmp_path, command, "--help", "--lang", "en")
    assert (chinese.returncode, english.returncode) == (0, 0)
    assert "显示帮助" in chinese.stdout
    assert "Show this message" in english.stdout
    assert all(ord(c) < 0x3000 for c in english.stdout.replace("三门峡", ""))


def test_extract_prints_one_object_per_file_in_the_given_order(tmp_path: Path) -> None:
    city = ROOT / "data" / "raw" / "2019" / "411200.html"
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    result = ogi_here(tmp_path, "extract", "--json", str(city), str(empty), str(city))
    assert result.returncode == 1
    first, second, third = json.loads(result.stdout)
    assert first == third
    assert (first["body"], first["year"], first["form"], len(first["cells"])) == ("三门峡市人民政府", 2019, "2019", 198)
    blank = [c for c in first["cells"] if c["kind"] == "blank"]
    assert [(c["table"], c["row"], c["column"], c["value"], c["raw"]) for c in blank] == [
        ("applications", "carried_out", "natural_person", None, "")
    ]
    assert {"table", "row", "column", "value", "kind", "raw", "unit", "page"} <= set(first["cells"][0])
    figures = {f["row"]: f["value"] for f in first["figures"]}
    assert (figures["disclosed.items"], figures["disclosed.items_growth"]) == (129790, 79)
    assert figures["disclosed.normative_documents"] == 178
    assert (second["cells"], second["error"]) == ([], "read.empty")


def test_extract_shows_another_kind_of_report_with_its_failed_identities(tmp_path: Path) -> None:
    (path,) = write_bulletins(tmp_path, Bulletin(printed_rate="98.00"))
    summary = ogi_here(tmp_path, "extract", path.name)
    assert summary.returncode == 1
    assert "政府网站与政务新媒体检查情况通报" in summary.stdout
    assert "现在合格率是 98%" in summary.stdout
    (report,) = json.loads(ogi_here(tmp_path, "extract", "--json", path.name).stdout)
    assert (report["kind"], report["year"], report["quarter"], report["body"]) == ("inspection", 2021, 1, "三门峡市")
    assert {c["row"]: c["value"] for c in report["cells"]}["sites.inspected"] == 40
    assert {e["text"] for e in report["entries"]} >= {"甲县政府网", "乙局网站"}
    assert "inspection.new_media_pass_rate" in {f["identity"] for f in report["findings"] if f["status"] == "fail"}


def test_extract_of_the_real_report(shared: Path, tmp_path: Path) -> None:
    result = ogi_here(tmp_path, "extract", "--json", str(shared / "reports" / "sanmenxia-2019.txt"))
    assert result.returncode == 0
    (report,) = json.loads(result.stdout)
    truth = json.loads((shared / "truth" / "sanmenxia-2019.json").read_text(encoding="utf-8"))
    assert {f"{c['table']}/{c['row']}/{c['column']}": c["value"] for c in report["cells"]} == truth["cells"]


def test_extract_prints_a_summary_or_the_reason_for_no_table(tmp_path: Path) -> None:
    (tmp_path / "无.txt").write_text("没有表格", encoding="utf-8")
    result = ogi_here(tmp_path, "extract", "无.txt")
    assert result.returncode == 3
    assert "没有找到法定统计表" in result.stderr
    summary = ogi_here(tmp_path, "extract", str(ROOT / "data" / "raw" / "2023" / "321300.html"), "--lang", "en")
    assert summary.returncode == 0
    assert "200 cells" in summary.stdout


def test_status_lists_years_and_warnings(built: Path) -> None:
    result = ogi_here(built, "status")
    assert result.returncode == 0
    assert "2018     28  模拟 simulated" in result.stdout
    assert "提示（5）" in result.stdout
    assert "1.0812" in result.stdout
    english = ogi_here(built, "status", "--lang", "en")
    assert "Warnings" in english.stdout


def test_status_shows_the_first_problems_and_counts_all(
    ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.html", "b.html", "c.html"):
        (ready / "data" / "raw" / name).write_text("nothing")
    assert run_here(ready) == 1
    capsys.readouterr()
    all_lines = ogi_here(ready, "status", "--all").stdout.splitlines()
    monkeypatch.setattr("pipeline.cli.status.MAX_SHOWN", 2)
    first_lines = ogi_here(ready, "status").stdout.splitlines()
    for title in ("隔离的报告（3）", "提示（5）"):
        start, first_start = all_lines.index(title), first_lines.index(title)
        assert all_lines[start + 1 : start + 3] == first_lines[first_start + 1 : first_start + 3]
        assert first_lines[first_start + 3].strip().startswith(f"共 {title[-2]} 项")


def test_commands_before_the_first_run_name_ogi_run(project: Path) -> None:
    for command in (["status"], ["query", "headline"]):
        result = ogi_here(project, *command)
        assert result.returncode == 3
        assert "ogi run" in result.stderr


def test_query_lists_the_saved_queries_and_each_runs(built: Path) -> None:
    query_names = ogi_here(built, "query").stdout
    for path in sorted((ROOT / "sql" / "queries").glob("*.sql")):
        assert path.stem in query_names
        result = ogi_here(built, "query", path.stem)
        assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DROP VIEW cells", 2),
        ("CREATE TABLE x AS SELECT 1", 2),
        ("COPY (SELECT 1) TO 'x.csv'", 2),
        ("SELECT 1; SELECT 2", 2),
        ("ATTACH 'x.duckdb'", 2),
        ("SET threads = 1", 2),
        ("SELECT nothing FROM nowhere", 2),
        ("selec", 2),
        ("", 2),
        ("FROM enable_logging()", 2),
        ("SELECT 1 WHERE EXISTS (FROM force_checkpoint())", 2),
        ("SELECT write_log('x')", 2),
        ("FROM query('FROM enable_profiling()')", 2),
        ("EXPLAIN ANALYZE SELECT * FROM disable_logging()", 2),
        ("SELECT no_such_function(1)", 2),
        ("SELECT 1 AS one", 0),
        ("DESCRIBE cells", 0),
        ("SUMMARIZE bodies", 0),
        ("SHOW TABLES", 0),
        ("SELECT table_name, comment FROM duckdb_tables()", 0),
        ("SELECT body, count(*) FILTER (WHERE year > 2018) OVER (PARTITION BY body) FROM reports, range(2)", 0),
        ("EXPLAIN SELECT list_transform([1], lambda x: x + 1), random()", 0),
        ("WITH a AS (SELECT 1 AS one) SELECT * FROM a", 0),
    ],
)
def test_query_only_reads(built: Path, statement: str, code: int) -> None:
    result = ogi_here(built, "query", statement)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert not (built / "x.csv").exists()


def test_parameter_is_a_value_never_sql(built: Path) -> None:
    result = ogi_here(built, "query", "headline", "-p", "body=411200' OR '1'='1")
    assert (result.returncode, result.stdout) == (2, "")
    text = "411200' OR '1'='1"
    result = ogi_here(built, "query", "SELECT $text AS text", "-p", f"text={text}", "--format", "json")
    assert json.loads(result.stdout) == [{"text": text}]
    assert ogi_here(built, "query", "headline", "-p", "body").returncode == 2


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        ("headline", "body=三门狭市", "没有名为“三门狭市”的机关。相近的有：三门峡市人民政府"),
        ("headline", "body=", "没有名为“”的机关"),
        ("series", "indicator=applications.neu", "applications.new（本年新收申请）"),
        ("rates", "rate=granted", "granted_share"),
        ("ranking", "measure=新收", "没有名为“新收”的指标或比率"),
        ("headline", "year=2031", "数据中没有 2031 年。有的年度：2018"),
        ("places", "level=town", "没有名为“town”的层级"),
        ("growth", "basis=sum", "reported（上报数）"),
        ("headline", "region_code=411200", "没有参数“region_code”。可用的参数：body、level、year"),
    ],
)
def test_unknown_name_in_a_query_is_refused_with_similar_names(
    built: Path, query: str, parameter: str, message: str
) -> None:
    result = ogi_here(built, "query", query, "-p", parameter)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr


def test_body_is_found_by_id_name_or_alias(built: Path) -> None:
    answers = {
        ogi_here(built, "query", "headline", "-p", f"body={name}", "--format", "csv").stdout
        for name in ("411200", "三门峡市", "三门峡市人民政府")
    }
    assert len(answers) == 1
    assert "129790" in answers.pop()


def test_csv_escapes_formulas(built: Path) -> None:
    result = ogi_here(built, "query", "SELECT '=1+1' AS a, '@x' AS b, -5 AS c, '三门峡' AS d", "--format", "csv")
    assert list(csv.reader(io.StringIO(result.stdout))) == [["a", "b", "c", "d"], ["'=1+1", "'@x", "-5", "三门峡"]]


def test_result_that_may_include_simulated_data_is_marked(built: Path) -> None:
    assert "simulated" in ogi_here(built, "query", "SELECT sum(value) FROM observations").stderr
    assert "simulated" in ogi_here(built, "query", "headline").stdout


def test_add_recognises_body_and_year_and_refuses_a_silent_change(ready: Path, tmp_path: Path) -> None:
    raw = ready / "data" / "raw"
    page = (raw / "2024" / "320800.html").read_text(encoding="utf-8").replace("2024", "2023")
    (tmp_path / "年报.HTML").write_text(page, encoding="utf-8")
    arguments = ["add", str(tmp_path / "年报.HTML"), "--source", "淮安市人民政府2023年年报，测试"]
    result = ogi_here(ready, *arguments)
    assert result.returncode == 0, result.stderr
    (line,) = [x for x in read_lines(raw / "manifest.csv") if x["path"] == "2023/320800.html"]
    assert (line["body"], line["level"], line["provenance"]) == ("淮安市人民政府", "city", "published")
    assert ogi_here(ready, *arguments).returncode == 0  # the same file again changes nothing
    registered = raw / "2023" / "320800.html"
    (tmp_path / "年报.HTML").write_text(page + " ", encoding="utf-8")
    assert "全部相同，只是文件不同" in ogi_here(ready, *arguments).stdout
    assert registered.read_text(encoding="utf-8") == page
    ogi_here(ready, *arguments, "--replace")
    assert registered.read_text(encoding="utf-8") == page + " "
    changed = page.replace(">3001<", ">3004<")
    assert changed != page
    (tmp_path / "年报.HTML").write_text(changed, encoding="utf-8")
    refused = ogi_here(ready, *arguments)
    assert refused.returncode == 1
    assert "原来 3001，现在 3004" in refused.stdout
    assert registered.read_text(encoding="utf-8") == page + " "
    ogi_here(ready, *arguments, "--replace")
    assert registered.read_text(encoding="utf-8") == changed


def test_add_asks_for_a_body_that_it_cannot_recognise(ready: Path, tmp_path: Path) -> None:
    page = (ready / "data" / "raw" / "2024" / "320800.html").read_text(encoding="utf-8")
    (tmp_path / "a.html").write_text(page.replace("淮安市人民政府2024年政府信息公开工作年度报告", ""), encoding="utf-8")
    result = ogi_here(ready, "add", str(tmp_path / "a.html"), "--source", "x")
    assert result.returncode == 1
    assert "--body" in result.stdout
    result = ogi_here(ready, "add", str(tmp_path / "a.html"), "--source", "x", "--body", "某某局", "--year", "2024")
    assert "不知道“某某局”是哪里的机关" in result.stdout
    (tmp_path / "b.html").write_text("x", encoding="utf-8")
    assert "没有年报的统计表" in ogi_here(ready, "add", str(tmp_path / "b.html"), "--source", "x").stdout


def test_simulate_restores_the_shipped_documents(project: Path) -> None:
    before = file_contents(project / "data")
    for name in list(before)[:3]:
        if name != "raw/manifest.csv":
            (project / "data" / name).unlink()
    result = ogi_here(project, "simulate")
    assert result.returncode == 0, result.stderr
    assert file_contents(project / "data") == before


def test_defect_in_the_program_has_exit_code_3(ready: Path, tmp_path: Path) -> None:
    program = copy_program(tmp_path / "program")
    load = program / "pipeline" / "storage" / "load.py"
    load.write_text(load.read_text(encoding="utf-8").replace("def tables_of(", "def tables_off("), encoding="utf-8")
    result = ogi_in(ready, "run", root=program)
    assert result.returncode == 3
    assert "ImportError" in result.stderr
