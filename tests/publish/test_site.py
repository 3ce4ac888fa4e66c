"""The static site: its files, and its pages as a browser without a network shows them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog
from support.browser import Visit, browser, visit
from support.project import ROOT, ogi_here

from pipeline.core.paths import Data
from pipeline.core.text import escape_formula
from pipeline.publish.site.boundaries import UnusableBoundaries, read_boundaries
from pipeline.publish.site.build import SCRIPTS
from pipeline.publish.site.data_script import js_literal
from pipeline.publish.site.series import align_to_years, letters_by_year
from pipeline.storage.snapshot import published

pytestmark = pytest.mark.slow

ASSETS = ROOT / "pipeline" / "publish" / "assets"
ROUTES = (
    "overview", "overview?group=411200&year=2018", "overview?group=321300", "trend",
    "trend?indicator=disclosed.items&body=411202", "trend?indicator=rate:refused_share&body=321300", "compare",
    "compare?group=411200&year=2019&indicator=rate:granted_share&level=county",
    "compare?scope=groups&indicator=applications.new", "flow?body=411200&year=2018", "flow?body=321300&year=2024",
    "rates?body=411200", "rates?body=321300", "quality", "quality?group=411200", "coverage?group=411200",
    "coverage?group=320800", "timeliness", "timeliness?group=411200", "supervision",
    "body", "body?id=411202&year=2018", "body?id=411200", "body?id=no-such-body", "dictionary",
    "dictionary?indicator=applications.granted", "dictionary?indicator=rate:refused_share", "downloads", "no-such-page",
)  # fmt: skip
A4_CONTENT_PX = 688  # 210 mm less two margins of 14 mm, at 96 pixels per inch
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202e\u2028{a|b}"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser that all tests share."""
    with browser() as shared_browser:
        yield shared_browser


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shipped data, in a folder whose name is wrong in a link without escapes."""
    folder = tmp_path_factory.mktemp("site") / "a b#c%20"
    result = ogi_here(built, "site", "--out", str(folder))
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture
def site_visit(chromium: Browser, site: Path) -> Iterator[Visit]:
    """A visit of the site, after which there must be no fault and no request to a network."""
    own_visit = visit(chromium, site)
    yield own_visit
    assert own_visit.faults == []
    assert own_visit.outside == []
    own_visit.page.context.close()


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its path in the folder."""
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def download(site_visit: Visit, selector: str) -> tuple[str, bytes]:
    """Click a button; return the name and content of the file that it downloads."""
    with site_visit.page.expect_download() as event:
        site_visit.page.locator(selector).first.click()
    return event.value.suggested_filename, Path(event.value.path()).read_bytes()


def column_texts(site_visit: Visit, number: int) -> list[str]:
    """Return the texts of a column (from 1) of the first figure's table, without badges and thousands separators."""
    cells = site_visit.page.locator(f"figure tbody tr > :nth-child({number})").all_inner_texts()
    return [c.replace("模拟", "").replace(",", "").strip() for c in cells]


# Files


def test_same_snapshot_gives_the_same_bytes_and_a_small_site(built: Path, site: Path, tmp_path: Path) -> None:
    assert ogi_here(built, "site", "--out", str(tmp_path / "again")).returncode == 0
    assert hashes(tmp_path / "again") == hashes(site)
    assert sum(p.stat().st_size for p in site.rglob("*") if p.is_file()) < 3_100_000


def test_site_replaces_only_an_earlier_site(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert ogi_here(built, "site", "--out", str(folder)).returncode == 0
    (folder / "left.txt").write_text("over", encoding="utf-8")
    assert ogi_here(built, "site", "--out", str(folder)).returncode == 0
    assert not (folder / "left.txt").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["site"]
    (folder / "ogi-site.txt").unlink()
    refused = ogi_here(built, "site", "--out", str(folder))
    assert refused.returncode == 2
    assert "不只有" in refused.stderr
    for refused_folder in (built / "data" / "raw", built / "data", built):
        assert ogi_here(built, "site", "--out", str(refused_folder)).returncode == 2


def test_site_without_published_data_exits_3(project: Path) -> None:
    result = ogi_here(project, "site")
    assert result.returncode == 3
    assert "ogi run" in result.stderr
    assert not (project / "data" / "site").exists()


def test_page_has_no_inline_script_and_no_path_of_the_machine(site: Path, built: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "unsafe-eval" not in page
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    assert "script-src 'self' file:;" in page.replace("&#39;", "'")
    for file in site.rglob("*.js"):
        assert str(built) not in file.read_text(encoding="utf-8")


def test_chart_library_has_the_recorded_hash() -> None:
    recorded_hash = re.search(r"`([0-9a-f]{64})`", (ASSETS / "README.md").read_text(encoding="utf-8"))
    assert recorded_hash
    content = (ASSETS / "echarts" / "echarts.min.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == recorded_hash.group(1)
    for name in ("LICENSE", "NOTICE", "LICENSE-d3"):
        assert (ASSETS / "echarts" / name).stat().st_size > 100


def test_pages_use_defined_messages_and_every_message_is_used() -> None:
    with (ROOT / "pipeline" / "core" / "messages.csv").open(encoding="utf-8", newline="") as file:
        defined = {line["code"].removeprefix("site.") for line in csv.DictReader(file) if line["code"][:5] == "site."}
    files = {p.stem: p.read_text(encoding="utf-8") for p in (ASSETS / "site").glob("*.js")}
    assert set(files) == {*SCRIPTS, "start"}
    source = "\n".join(files.values())
    used = set(re.findall(r'\bt\("([a-z_.]+[a-z_])"', source))
    assert used <= defined
    assert not re.findall("[\u4e00-\u9fff]", re.sub(r'//.*|"件"|"中文"|"zh-CN"', "", source).replace("模拟", ""))
    prefixes = tuple(set(re.findall(r'"([a-z]+\.)" \+', source)) | {"col.", "prior.", "about.", "files."})
    used_by_python = {"done", "foreign", "boundaries", "loading", "noscript", "per_hundred"}
    assert {k for k in defined - used - used_by_python if not k.startswith(prefixes)} == set()
    assert all(text.count("\n") < 250 for text in files.values())
    assert "innerHTML" not in source


def test_text_in_data_cannot_end_its_script() -> None:
    text = js_literal({"</script>": "<!--\u2028\u2029&"})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"</script>": "<!--\u2028\u2029&"}


def test_series_have_one_entry_per_year_of_the_city() -> None:
    assert align_to_years([2018, 2019, 2020], [2018, 2020], [1, 2]) == [1, None, 2]
    assert letters_by_year([2018, 2019], [2019], ["loaded"], {"loaded": "l"}) == "-l"


def test_boundaries_have_their_region_code_as_name(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    feature = {"type": "Feature", "properties": {"adcode": 411202, "name": "<b>"}, "geometry": area}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    (boundary,) = read_boundaries(path)["features"]
    assert boundary["properties"] == {"name": "411202"}
    for unusable in (
        '{"features": []}',
        "[]",
        "x",
        '{"features": [{"properties": {}, "geometry": {"type": "Polygon"}}]}',
    ):
        path.write_text(unusable, encoding="utf-8")
        with pytest.raises(UnusableBoundaries):
            read_boundaries(path)


def test_boundaries_skip_features_without_geometry_and_read_ids_without_properties(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    features = [
        {"type": "Feature", "properties": {"adcode": 411203}, "geometry": None},
        {"type": "Feature", "id": "411202", "properties": None, "geometry": area},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert [f["properties"] for f in read_boundaries(path)["features"]] == [{"name": "411202"}]


def test_archive_has_tables_as_csv(site: Path) -> None:
    with zipfile.ZipFile(site / "files" / "ogi-csv.zip") as archive:
        names = set(archive.namelist())
        assert {"compiled.csv", "observations.csv", "growth.csv", "cells.csv"} <= names
        text = archive.read("headline.csv").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    (items,) = [r for r in lines if (r["body_id"], r["indicator"], r["year"]) == ("411200", "disclosed.items", "2019")]
    assert (items["compiled"], items["reported"], items["compiled_provenance"]) == ("129790", "129790", "simulated")


# Pages


# Two combinations cover a wide and a narrow page, Chinese and English, opening by address and by link. All combinations
# would take too long, because each page must be drawn.
@pytest.mark.parametrize(("width", "lang"), [(1280, "zh"), (390, "en")])
def test_each_page_has_charts_with_tables_and_downloads(chromium: Browser, site: Path, lang: str, width: int) -> None:
    own_visit = visit(chromium, site, width=width)
    own_visit.open("")
    open_route = own_visit.open if lang == "zh" else own_visit.turn
    for route in ROUTES:
        page = open_route(f"{route}{'&' if '?' in route else '?'}lang={lang}")
        assert page.locator("html").get_attribute("lang") == ("zh-CN" if lang == "zh" else "en")
        overflow_px = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow_px <= 0, route
        for figure in page.locator("figure").all():
            assert figure.locator("table caption").count() == 1, route
            assert figure.locator("button.csv").count() == 1, route
            if figure.locator(".chart").count():
                assert figure.locator(".chart svg").count() == 1, route
                assert figure.locator(".chart").get_attribute("aria-label"), route
        assert page.locator("th:not([scope]):not(.form-table th)").count() == 0
        text = page.locator("body").inner_text()
        assert not re.search(r"\b(undefined|NaN|null)\b|\{\w+\}", text), route
        if lang == "zh":
            tables = r"\bcompiled(\.\w+)?\b" if route == "downloads" else "$^"  # the name of a table
            text = re.sub(tables, "", text)
            assert not re.search(r"\b(Year|Body|simulated|reported|compiled|Download)\b", text), route
    assert own_visit.faults == []
    assert own_visit.outside == []
    own_visit.page.context.close()


def test_overview_compares_the_year_with_the_year_before_and_marks_simulated_figures(site_visit: Visit) -> None:
    page = site_visit.open("overview?group=411200&year=2019")
    card = page.locator(".card").first.inner_text()
    assert re.sub(r"\s+", " ", card) == (
        "主动公开政府信息数（条） 129,790 模拟 汇总数 2018 72,508 模拟 增减 +57,282（+79.0%） "
        "报告自述增长 +79.00% 上报数 129,790"
    )
    assert page.locator(".simulated").count() == 1
    assert "（模拟）" in page.locator("figure h2").first.inner_text()
    assert page.locator(".chart svg pattern").count() > 0
    assert site_visit.open("overview?group=321300&year=2024").locator(".simulated, .badge").count() == 0


def test_overview_names_missing_reports_errors_and_discrepancies(site_visit: Visit) -> None:
    page = site_visit.open("overview?group=321300&year=2025")
    reports, problems, discrepancies = page.locator(".panel").all_inner_texts()
    assert "应报 5 家，已收到可用的 1 家。" in reports
    assert "沭阳县人民政府" not in reports
    assert reports.count("缺报") == 4
    assert "无法比较" in discrepancies
    year_2024 = site_visit.open("overview?group=321300&year=2024").locator(".panel").all_inner_texts()
    assert "宿迁市人民政府：提示 3 项" in year_2024[1]
    assert problems


def test_every_page_counts_problems_as_status_does(site_visit: Visit, built: Path) -> None:
    record = published(Data(built / "data"))
    assert record
    summary = record.summary
    quality = site_visit.open("quality")
    expected = f"错误 {summary['errors']} 项，提示 {summary['warnings']} 项"
    assert expected in quality.locator(".summary").inner_text()
    index = json.loads((site_visit.site / "data" / "index.js").read_text(encoding="utf-8").partition(",")[2][:-3])
    assert index["problems"] == {"errors": summary["errors"], "warnings": summary["warnings"]}
    listed = quality.locator("table", has_text="各地的错误与提示").locator("tbody tr").all()
    numbers = [[int(cell) for cell in row.locator("td").all_inner_texts()] for row in listed]
    assert max(errors for errors, _ in numbers) <= summary["errors"]
    assert max(warnings for _, warnings in numbers) <= summary["warnings"]


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("trend?body=321300", "本年新收申请"),
        ("compare?group=321300", "本年新收申请"),
        ("compare?scope=groups&year=2024", "本年新收申请"),
        ("trend?body=411200", "主动公开政府信息数"),
    ],
)
def test_default_indicator_is_the_first_with_data(site_visit: Visit, route: str, name: str) -> None:
    page = site_visit.open(route)
    assert name in page.locator("figure h2").first.inner_text()
    assert page.locator("figure .empty").count() == 0


def test_no_table_is_wider_than_the_printed_page(chromium: Browser, site: Path) -> None:
    own_visit = visit(chromium, site, width=A4_CONTENT_PX)
    own_visit.page.emulate_media(media="print")
    own_visit.open("")
    for route in ROUTES:
        page = own_visit.turn(route)
        widest = page.evaluate("Math.max(0, ...[...document.querySelectorAll('table')].map((e) => e.scrollWidth))")
        assert widest <= A4_CONTENT_PX, route
        assert page.locator("body").evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    own_visit.page.context.close()


def test_scripts_have_no_text_over_several_lines() -> None:
    for file in (ASSETS / "site").glob("*.js"):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert line.strip().startswith("//") or line.count("`") % 2 == 0, (file.name, line)


def test_compiled_figures_that_lack_members_are_marked_on_every_page(site_visit: Visit) -> None:
    page = site_visit.open("overview?group=321300&year=2025")
    notice = "汇总数缺部分机关，不是全部数：2025 年 5 家中只有 1 家。"
    assert page.locator(".partial").inner_text() == notice
    assert "713 汇总数（5 家中 1 家）" in re.sub(r"\s+", " ", page.locator(".card").first.inner_text())
    assert "2025 汇总数（5 家中 1 家）" in re.sub(r"\s+", " ", page.locator("main").inner_text())
    for route in ("trend?body=321300", "rates?body=321300", "flow?body=321300&year=2025"):
        assert site_visit.open(route).locator(".partial").inner_text() == notice, route
    for route in ("trend?body=321322", "flow?body=321300&year=2024", "overview?group=411200&year=2019"):
        assert site_visit.open(route).locator(".partial").count() == 0, route
    page = site_visit.open("compare?scope=groups&indicator=applications.new&basis=compiled&year=2025")
    assert column_texts(site_visit, 1)[0] == "宿迁市人民政府（5 家中 1 家）"


def test_choice_changes_the_page_and_its_address(site_visit: Visit) -> None:
    page = site_visit.open("compare?group=411200&year=2019")
    assert column_texts(site_visit, 4)[0] == "13904"
    page.locator("#choose-level").focus()
    page.select_option("#choose-level", "zone")
    site_visit.settle()
    assert "level=zone" in page.url
    assert len(column_texts(site_visit, 1)) == 2
    assert page.evaluate("document.activeElement.id") == "choose-level"
    page.select_option("#choose-indicator", "applications.new")
    site_visit.settle()
    assert "本年新收申请" in page.locator("figure h2").inner_text()
    page.go_back()
    site_visit.settle()
    assert "主动公开政府信息数" in page.locator("figure h2").inner_text()


def test_table_is_sorted_by_button_and_filtered_by_text(site_visit: Visit) -> None:
    page = site_visit.open("compare?group=411200&year=2019")
    header = page.locator("figure thead th").nth(3)
    assert header.get_attribute("aria-sort") == "descending"
    header.locator("button").focus()
    page.keyboard.press("Enter")
    assert page.locator("figure thead th").nth(3).get_attribute("aria-sort") == "ascending"
    values = [float(v) for v in column_texts(site_visit, 4)]
    assert values == sorted(values)
    assert page.evaluate("document.activeElement.className") == "sort"
    page.locator("figure input[type=search]").fill("湖滨")
    assert column_texts(site_visit, 1) == ["湖滨区人民政府"]
    page.locator("figure input[type=search]").fill("no such")
    assert column_texts(site_visit, 1) == []


def test_language_is_switched_and_remembered(site_visit: Visit) -> None:
    page = site_visit.open("trend?indicator=disclosed.items&body=411200")
    assert page.locator("h1").inner_text() == "趋势：主动公开政府信息数"
    page.locator("#language").click()
    site_visit.settle()
    assert page.locator("h1").inner_text() == "Trend: Items disclosed"
    assert page.title().startswith("Trend: Items disclosed")
    assert site_visit.open("overview").locator("nav a").first.inner_text() == "Overview"


def test_language_is_switched_without_local_storage(site_visit: Visit) -> None:
    site_visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    page = site_visit.open("overview")
    page.locator("#language").click()
    site_visit.settle()
    assert page.locator("nav a").first.inner_text() == "Overview"


def test_keyboard_reaches_links_choices_and_content(site_visit: Visit) -> None:
    page = site_visit.open("overview")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    assert page.locator("#skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "choose-group"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.locator("nav a").nth(1).focus()
    page.keyboard.press("Enter")
    site_visit.settle()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.locator("nav a[aria-current=page]").inner_text() == "趋势"
    assert page.locator("div[onclick], span[onclick]").count() == 0


@pytest.mark.parametrize("text", ["-5", "+1,234.50", "-1+1", "=1", "@a", "总计", "-", "+86 398"])
def test_csv_of_a_figure_escapes_formulas_as_all_other_csv(site_visit: Visit, text: str) -> None:
    field = site_visit.open("").evaluate("text => ogi.csvField(text)", text)
    assert field.strip('"') == escape_formula(text)


def test_figure_is_downloaded_as_csv_and_svg(site_visit: Visit) -> None:
    site_visit.open("trend?indicator=disclosed.items&body=411200")
    name, content = download(site_visit, "figure button.csv")
    assert name == "三门峡市人民政府 主动公开政府信息数.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[0][:4] == ["年度", "表式", "上报数（条）", "上报数（条）：数据性质"]
    assert lines[2][5:8] == ["", "129790", "模拟"]
    name, content = download(site_visit, "figure button.svg")
    assert name.endswith(".svg")
    assert b"<svg" in content
    assert b"<script" not in content


def test_trend_marks_a_change_of_the_form(site_visit: Visit) -> None:
    page = site_visit.open("trend?indicator=disclosed.items&body=411200")
    assert "表式 2014→2019" in (page.locator(".chart svg").text_content() or "")
    assert "2019 年起表式由 2014 年版改为 2019 年版" in page.locator("figure").inner_text()
    trend_without_break = site_visit.open("trend?body=321300&indicator=review.total")
    assert "表式" not in (trend_without_break.locator(".chart svg").text_content() or "")


def test_flow_shows_outcomes_and_an_unexplained_rest(site_visit: Visit) -> None:
    page = site_visit.open("flow?body=321300&year=2024")
    chart_text = page.locator(".chart svg").first.text_content() or ""
    assert "收到申请合计 3,646" in chart_text
    assert "予以公开 1,431" in chart_text
    assert "未按现行分类列明" not in chart_text
    assert "未按现行分类列明" in site_visit.open("flow?body=411200&year=2018").locator("figure").first.inner_text()


def test_quality_page_draws_the_form_with_a_cell_to_check(site_visit: Visit) -> None:
    page = site_visit.open("quality?group=321300")
    page.wait_for_selector(".form-table td.asked")
    assert page.locator(".form-table td.asked").all_inner_texts()[0].startswith("170")
    assert "行政诉讼57件" in page.locator("main").inner_text()
    assert "总计应等于" in page.locator("figure").first.inner_text()


def test_body_page_shows_reports_cells_and_sources(site_visit: Visit) -> None:
    page = site_visit.open("body?id=321300&year=2024")
    text = page.locator("main").inner_text()
    report = ROOT / "data" / "raw" / "2024" / "321300.html"
    assert hashlib.sha256(report.read_bytes()).hexdigest() in text
    assert "raw/2024/321300.html" in text
    cell = page.locator(".form-table td", has_text=re.compile("^1408$")).first
    assert "applications/granted/natural_person" in (cell.get_attribute("title") or "")
    assert "第 1 页" in (cell.get_attribute("title") or "")
    derived = site_visit.open("body?id=411200&year=2019").locator(".form-table td.derived")
    assert derived.first.inner_text().replace("\n", "").startswith("→ 0")
    assert site_visit.open("body?id=411202&year=2019").locator("h2 .badge").inner_text() == "模拟"


def test_dictionary_shows_forms_without_an_indicator_and_the_terms_of_a_rate(site_visit: Visit) -> None:
    page = site_visit.open("dictionary?indicator=applications.unable.not_held")
    assert "2014 年版" in page.locator("main").inner_text()
    rate = site_visit.open("dictionary?indicator=rate:review_rate").locator("main").inner_text()
    assert "100 ×（行政复议：总计）÷（本年办理总计）" in rate


def test_every_download_link_has_its_file(site_visit: Visit) -> None:
    page = site_visit.open("downloads")
    links = [a.get_attribute("href") or "" for a in page.locator("main td a, main th a").all()]
    assert len(links) > 20
    assert all((site_visit.site / link).is_file() for link in links)


def test_page_is_printed_without_navigation_and_at_paper_width(site_visit: Visit, tmp_path: Path) -> None:
    page = site_visit.open("body?id=321300&year=2024")
    page.emulate_media(media="print")
    assert page.locator("nav").evaluate("e => getComputedStyle(e).display") == "none"
    assert page.locator(".controls").evaluate("e => getComputedStyle(e).display") == "none"
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert float(page.locator(".chart svg").get_attribute("width") or "0") < 700  # as wide as A4
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert float(page.locator(".chart svg").get_attribute("width") or "0") > 1000
    page.pdf(path=str(tmp_path / "a.pdf"), format="A4")
    assert (tmp_path / "a.pdf").stat().st_size > 10_000


def test_missing_data_file_is_reported_on_the_page(chromium: Browser, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert ogi_here(built, "site", "--out", str(folder)).returncode == 0
    for file in (folder / "data").glob("c*.js"):
        file.unlink()
    own_visit = visit(chromium, folder)
    assert "数据文件无法打开" in own_visit.open("overview").locator("h1").inner_text()
    assert all("not loaded" in f or "ERR_FILE_NOT_FOUND" in f for f in own_visit.faults)


def edit_data_script(path: Path, change: Callable[[Any], None]) -> None:
    """Change the value in a data script; `change` modifies the value that it gets."""
    call, _, argument = path.read_text(encoding="utf-8").partition(",")
    value = json.loads(argument.rstrip().removesuffix(");"))
    change(value)
    path.write_text(f"{call},{js_literal(value)});\n", encoding="utf-8")


def test_hostile_names_and_texts_are_shown_as_text(chromium: Browser, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert ogi_here(built, "site", "--out", str(folder)).returncode == 0

    def replace_names(index: Any) -> None:
        for body in index["bodies"]:
            body[1] = (FORMULA if body[0] == "411203" else HOSTILE) + body[0]
        for measure in (*index["indicators"], *index["rates"]):
            measure["zh"] += HOSTILE
            measure["unit"] = HOSTILE

    def replace_texts(body: Any) -> None:
        for report in body["reports"]:
            report["raw"] = [HOSTILE for _ in report["raw"]]
            report["source"] = report["path"] = report["sha256"] = HOSTILE
            report["warning"] = [[HOSTILE, HOSTILE]]
            report["figures"] = [[HOSTILE, HOSTILE, 1, False, "whole", 1]]

    edit_data_script(folder / "data" / "index.js", replace_names)
    for file in (folder / "data").glob("b*.js"):
        edit_data_script(file, replace_texts)
    own_visit = visit(chromium, folder)
    dialogs: list[str] = []

    def record_dialog(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    own_visit.page.on("dialog", record_dialog)
    own_visit.open("")
    for route in ROUTES:
        page = own_visit.turn(route)
        assert page.locator("main img, main script").count() == 0
        for chart in page.locator(".chart").all()[:2]:
            box = chart.bounding_box()
            assert box
            page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
            page.wait_for_timeout(20)
        assert page.locator("img, iframe, object").count() == 0
    assert dialogs == []
    assert own_visit.outside == []
    assert own_visit.faults == []
    page = own_visit.open("body?id=321300&year=2024")
    assert page.locator(".form-table td").first.text_content() == HOSTILE
    page = own_visit.open("compare?group=411200&year=2019")
    assert any(t == HOSTILE + "411202" for t in page.locator("tbody th a").all_text_contents())
    _, content = download(own_visit, "figure button.csv")
    names = [line[0] for line in csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    assert f"'{FORMULA}411203" in names


def test_map_is_drawn_from_the_boundaries_of_the_user(chromium: Browser, built: Path, tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[[110, 34], [111, 34], [111, 35], [110, 34]]]}
    features = [{"type": "Feature", "properties": {"code": "411202"}, "geometry": area}]
    path = tmp_path / "boundaries.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    folder = tmp_path / "site"
    assert ogi_here(built, "site", "--out", str(folder), "--boundaries", str(path)).returncode == 0
    own_visit = visit(chromium, folder)
    page = own_visit.open("compare?group=411200&year=2019")
    assert page.locator("figure").count() == 2
    assert "湖滨区人民政府" in (page.locator("figure .chart svg").nth(1).text_content() or "")
    assert own_visit.faults == []
    path.write_text("{}", encoding="utf-8")
    refused = ogi_here(built, "site", "--out", str(folder), "--boundaries", str(path))
    assert refused.returncode == 2
    assert (folder / "index.html").is_file()
