from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog
from support.browser import Visit, browser, visit
from support.project import ROOT, ogi_here

from pipeline.publish.site.boundaries import UnusableBoundaries, read_boundaries
from pipeline.publish.site.build import SCRIPTS
from pipeline.publish.site.data_script import js_literal
from pipeline.publish.site.series import align_to_years, letters_by_year

ASSETS = ROOT / "pipeline" / "publish" / "assets"
PAGES = (
    "overview", "overview?city=411200&year=2018", "overview?city=321300", "trend",
    "trend?indicator=disclosed.items&body=411202", "trend?indicator=rate:refused_share&body=321300", "compare",
    "compare?city=411200&year=2019&indicator=rate:granted_share&level=county",
    "compare?scope=cities&indicator=applications.new", "flow?body=411200&year=2018", "flow?body=321300&year=2024",
    "rates?body=411200", "rates?body=321300", "quality", "quality?city=411200", "coverage?city=411200",
    "coverage?city=320800", "body", "body?id=411202&year=2018", "body?id=411200", "body?id=no-such-body", "dictionary",
    "dictionary?indicator=applications.granted", "dictionary?indicator=rate:refused_share", "downloads", "no-such-page",
)  # fmt: skip
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202e\u2028{a|b}"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "a b#c%20"  # a folder that a careless link would lose
    result = ogi_here(built, "site", "--out", str(folder))
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture
def seen(opened: Browser, site: Path) -> Iterator[Visit]:
    found = visit(opened, site)
    yield found
    assert found.faults == []
    assert found.outside == []
    found.page.context.close()


def hashes(folder: Path) -> dict[str, str]:
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def downloaded(seen: Visit, selector: str) -> tuple[str, bytes]:
    with seen.page.expect_download() as waiting:
        seen.page.locator(selector).first.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def column(seen: Visit, number: int) -> list[str]:
    cells = seen.page.locator(f"figure tbody tr > :nth-child({number})").all_inner_texts()
    return [c.replace("模拟", "").replace(",", "").strip() for c in cells]


# What is built


def test_the_same_snapshot_gives_the_same_bytes_and_a_small_site(built: Path, site: Path, tmp_path: Path) -> None:
    assert ogi_here(built, "site", "--out", str(tmp_path / "again")).returncode == 0
    assert hashes(tmp_path / "again") == hashes(site)
    assert sum(p.stat().st_size for p in site.rglob("*") if p.is_file()) < 3_000_000


def test_an_earlier_site_is_replaced_and_nothing_else(built: Path, tmp_path: Path) -> None:
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
    for bad in (built / "data" / "raw", built / "data", built):
        assert ogi_here(built, "site", "--out", str(bad)).returncode == 2


def test_without_published_data_there_is_no_site(project: Path) -> None:
    result = ogi_here(project, "site")
    assert result.returncode == 3
    assert "ogi run" in result.stderr
    assert not (project / "data" / "site").exists()


def test_nothing_of_the_machine_and_no_inline_script_is_in_the_page(site: Path, built: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "unsafe-eval" not in page
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    assert "script-src 'self' file:;" in page.replace("&#39;", "'")
    for file in site.rglob("*.js"):
        assert str(built) not in file.read_text(encoding="utf-8")


def test_the_chart_library_is_the_recorded_one() -> None:
    recorded = re.search(r"`([0-9a-f]{64})`", (ASSETS / "README.md").read_text(encoding="utf-8"))
    assert recorded
    content = (ASSETS / "echarts" / "echarts.min.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == recorded.group(1)
    for name in ("LICENSE", "NOTICE", "LICENSE-d3"):
        assert (ASSETS / "echarts" / name).stat().st_size > 100


def test_every_text_of_the_pages_is_a_message_and_every_message_is_used() -> None:
    with (ROOT / "pipeline" / "core" / "messages.csv").open(encoding="utf-8", newline="") as file:
        known = {line["code"].removeprefix("site.") for line in csv.DictReader(file) if line["code"][:5] == "site."}
    files = {p.stem: p.read_text(encoding="utf-8") for p in (ASSETS / "site").glob("*.js")}
    assert set(files) == {*SCRIPTS, "start"}
    source = "\n".join(files.values())
    named = set(re.findall(r'\bt\("([a-z_.]+[a-z_])"', source))
    assert named <= known
    assert not re.findall("[\u4e00-\u9fff]", re.sub(r'//.*|"件"|"中文"|"zh-CN"', "", source).replace("模拟", ""))
    prefixes = tuple(set(re.findall(r'"([a-z]+\.)" \+', source)) | {"col.", "prior.", "about.", "files."})
    cli = {"done", "foreign", "boundaries", "loading", "noscript", "per_hundred"}
    assert {k for k in known - named - cli if not k.startswith(prefixes)} == set()
    assert all(text.count("\n") < 250 for text in files.values())
    assert "innerHTML" not in source


def test_data_cannot_end_its_script() -> None:
    text = js_literal({"</script>": "<!--\u2028\u2029&"})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"</script>": "<!--\u2028\u2029&"}


def test_series_are_laid_on_the_years_of_the_city() -> None:
    assert align_to_years([2018, 2019, 2020], [2018, 2020], [1, 2]) == [1, None, 2]
    assert letters_by_year([2018, 2019], [2019], ["loaded"], {"loaded": "l"}) == "-l"


def test_boundaries_are_joined_by_code(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    feature = {"type": "Feature", "properties": {"adcode": 411202, "name": "<b>"}, "geometry": area}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    (found,) = read_boundaries(path)["features"]
    assert found["properties"] == {"name": "411202"}
    for bad in ('{"features": []}', "[]", "x", '{"features": [{"properties": {}, "geometry": {"type": "Polygon"}}]}'):
        path.write_text(bad, encoding="utf-8")
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


def test_the_archive_has_every_table_for_a_spreadsheet(site: Path) -> None:
    with zipfile.ZipFile(site / "files" / "ogi-csv.zip") as archive:
        names = set(archive.namelist())
        assert {"city_year.csv", "observations.csv", "growth.csv", "cells.csv"} <= names
        text = archive.read("headline.csv").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    (items,) = [r for r in lines if r["indicator"] == "disclosed.items" and r["year"] == "2019"]
    assert (items["compiled"], items["reported"], items["compiled_provenance"]) == ("129790", "129790", "simulated")


# What is shown


# Wide and narrow, Chinese and English, opened by its address and come to from another page: each once, for a page takes
# its time to be drawn.
@pytest.mark.parametrize(("width", "lang"), [(1280, "zh"), (390, "en")])
def test_every_page_opens_with_its_charts_tables_and_downloads(
    opened: Browser, site: Path, lang: str, width: int
) -> None:
    found = visit(opened, site, width=width)
    found.open("")
    go = found.open if lang == "zh" else found.turn
    for route in PAGES:
        page = go(f"{route}{'&' if '?' in route else '?'}lang={lang}")
        assert page.locator("html").get_attribute("lang") == ("zh-CN" if lang == "zh" else "en")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, route
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
            assert not re.search(r"\b(Year|Body|simulated|reported|compiled|Download)\b", text), route
    assert found.faults == []
    assert found.outside == []
    found.page.context.close()


def test_the_overview_has_compiled_beside_reported_and_marks_what_is_simulated(seen: Visit) -> None:
    page = seen.open("overview?city=411200&year=2019")
    card = page.locator(".card").first.inner_text()
    assert re.sub(r"\s+", " ", card) == (
        "主动公开政府信息数（条） 汇总数 129,790 模拟 上报数 129,790 增长 +79.00% 模拟 报告自述增长 +79.00% 差额 0"
    )
    assert page.locator(".simulated").count() == 1
    assert "汇总数（模拟）" in (page.locator(".chart svg").first.text_content() or "")
    assert page.locator(".chart svg pattern").count() > 0
    assert seen.open("overview?city=321300&year=2024").locator(".simulated, .badge").count() == 0


def test_choices_change_the_page_and_its_address(seen: Visit) -> None:
    page = seen.open("compare?city=411200&year=2019")
    assert column(seen, 4)[0] == "13904"
    page.locator("#choose-level").focus()
    page.select_option("#choose-level", "zone")
    seen.settle()
    assert "level=zone" in page.url
    assert len(column(seen, 1)) == 2
    assert page.evaluate("document.activeElement.id") == "choose-level"
    page.select_option("#choose-indicator", "applications.new")
    seen.settle()
    assert "本年新收申请" in page.locator("figure h2").inner_text()
    page.go_back()
    seen.settle()
    assert "主动公开政府信息数" in page.locator("figure h2").inner_text()


def test_tables_sort_by_button_and_filter(seen: Visit) -> None:
    page = seen.open("compare?city=411200&year=2019")
    head = page.locator("figure thead th").nth(3)
    assert head.get_attribute("aria-sort") == "descending"
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert page.locator("figure thead th").nth(3).get_attribute("aria-sort") == "ascending"
    values = [float(v) for v in column(seen, 4)]
    assert values == sorted(values)
    assert page.evaluate("document.activeElement.className") == "sort"
    page.locator("figure input[type=search]").fill("湖滨")
    assert column(seen, 1) == ["湖滨区人民政府"]
    page.locator("figure input[type=search]").fill("no such")
    assert column(seen, 1) == []


def test_the_language_is_switched_and_remembered(seen: Visit) -> None:
    page = seen.open("trend?indicator=disclosed.items&body=411200")
    assert page.locator("h1").inner_text() == "趋势：主动公开政府信息数"
    page.locator("#language").click()
    seen.settle()
    assert page.locator("h1").inner_text() == "Trend: Items disclosed"
    assert page.title().startswith("Trend: Items disclosed")
    assert seen.open("overview").locator("nav a").first.inner_text() == "Overview"


def test_a_language_is_no_fault_where_the_browser_keeps_nothing(seen: Visit) -> None:
    seen.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    page = seen.open("overview")
    page.locator("#language").click()
    seen.settle()
    assert page.locator("nav a").first.inner_text() == "Overview"


def test_the_keyboard_reaches_everything(seen: Visit) -> None:
    page = seen.open("overview")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    assert page.locator("#skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "choose-city"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.locator("nav a").nth(1).focus()
    page.keyboard.press("Enter")
    seen.settle()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.locator("nav a[aria-current=page]").inner_text() == "趋势"
    assert page.locator("div[onclick], span[onclick]").count() == 0


def test_a_figure_is_taken_away_as_csv_and_picture(seen: Visit) -> None:
    seen.open("trend?indicator=disclosed.items&body=411200")
    name, content = downloaded(seen, "figure button.csv")
    assert name == "三门峡市人民政府 主动公开政府信息数.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[0][:4] == ["年度", "表式", "上报数（条）", "上报数（条）：数据性质"]
    assert lines[2][5:8] == ["", "129790", "模拟"]
    name, content = downloaded(seen, "figure button.svg")
    assert name.endswith(".svg")
    assert b"<svg" in content
    assert b"<script" not in content


def test_the_break_of_the_form_is_marked(seen: Visit) -> None:
    page = seen.open("trend?indicator=disclosed.items&body=411200")
    assert "表式 2014→2019" in (page.locator(".chart svg").text_content() or "")
    assert "2019 年起表式由 2014 年版改为 2019 年版" in page.locator("figure").inner_text()
    other = seen.open("trend?body=321300&indicator=review.total")
    assert "表式" not in (other.locator(".chart svg").text_content() or "")


def test_the_outcomes_are_a_flow(seen: Visit) -> None:
    page = seen.open("flow?body=321300&year=2024")
    drawn = page.locator(".chart svg").first.text_content() or ""
    assert "收到申请合计 3,646" in drawn
    assert "予以公开 1,431" in drawn
    assert "未按现行分类列明" not in drawn
    assert "未按现行分类列明" in seen.open("flow?body=411200&year=2018").locator("figure").first.inner_text()


def test_a_questioned_cell_is_drawn_in_its_form(seen: Visit) -> None:
    page = seen.open("quality?city=321300")
    page.wait_for_selector(".form-table td.asked")
    assert page.locator(".form-table td.asked").all_inner_texts()[0].startswith("170")
    assert "行政诉讼57件" in page.locator("main").inner_text()
    assert "总计等于" in page.locator("figure").first.inner_text()


def test_a_body_shows_its_reports_cells_and_sources(seen: Visit) -> None:
    page = seen.open("body?id=321300&year=2024")
    text = page.locator("main").inner_text()
    report = ROOT / "data" / "raw" / "2024" / "321300.html"
    assert hashlib.sha256(report.read_bytes()).hexdigest() in text
    assert "raw/2024/321300.html" in text
    cell = page.locator(".form-table td", has_text=re.compile("^1408$")).first
    assert "applications/granted/natural_person" in (cell.get_attribute("title") or "")
    assert "第 1 页" in (cell.get_attribute("title") or "")
    derived = seen.open("body?id=411200&year=2019").locator(".form-table td.derived")
    assert derived.first.inner_text().replace("\n", "").startswith("→ 0")
    assert seen.open("body?id=411202&year=2019").locator("h2 .badge").inner_text() == "模拟"


def test_the_dictionary_says_what_is_comparable_and_why_not(seen: Visit) -> None:
    page = seen.open("dictionary?indicator=applications.unable.not_held")
    assert "2014 年版" in page.locator("main").inner_text()
    rate = seen.open("dictionary?indicator=rate:review_rate").locator("main").inner_text()
    assert "100 ×（行政复议：总计）÷（本年办理总计）" in rate


def test_downloads_are_there(seen: Visit) -> None:
    page = seen.open("downloads")
    links = [a.get_attribute("href") or "" for a in page.locator("main td a, main th a").all()]
    assert len(links) > 20
    assert all((seen.site / link).is_file() for link in links)


def test_it_prints(seen: Visit, tmp_path: Path) -> None:
    page = seen.open("body?id=321300&year=2024")
    page.emulate_media(media="print")
    assert page.locator("nav").evaluate("e => getComputedStyle(e).display") == "none"
    assert page.locator(".controls").evaluate("e => getComputedStyle(e).display") == "none"
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert float(page.locator(".chart svg").get_attribute("width") or "0") < 700  # as wide as A4
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert float(page.locator(".chart svg").get_attribute("width") or "0") > 1000
    page.pdf(path=str(tmp_path / "a.pdf"), format="A4")
    assert (tmp_path / "a.pdf").stat().st_size > 10_000


def test_a_lost_data_file_is_told(opened: Browser, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert ogi_here(built, "site", "--out", str(folder)).returncode == 0
    for file in (folder / "data").glob("c*.js"):
        file.unlink()
    found = visit(opened, folder)
    assert "数据文件无法打开" in found.open("overview").locator("h1").inner_text()
    assert all("not loaded" in f or "ERR_FILE_NOT_FOUND" in f for f in found.faults)


def edit(path: Path, change: Any) -> None:
    name, _, value = path.read_text(encoding="utf-8").partition(",")
    loaded = json.loads(value.rstrip().removesuffix(");"))
    change(loaded)
    path.write_text(f"{name},{js_literal(loaded)});\n", encoding="utf-8")


def test_hostile_names_and_texts_are_shown_as_text(opened: Browser, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert ogi_here(built, "site", "--out", str(folder)).returncode == 0

    def rename(index: Any) -> None:
        for body in index["bodies"]:
            body[1] = (FORMULA if body[0] == "411203" else HOSTILE) + body[0]
        for thing in (*index["indicators"], *index["rates"]):
            thing["zh"] += HOSTILE
            thing["unit"] = HOSTILE

    def reword(body: Any) -> None:
        for report in body["reports"]:
            report["raw"] = [HOSTILE for _ in report["raw"]]
            report["source"] = report["path"] = report["sha256"] = HOSTILE
            report["warning"] = [[HOSTILE, HOSTILE]]
            report["figures"] = [[HOSTILE, HOSTILE, 1, False, "whole", 1]]

    edit(folder / "data" / "index.js", rename)
    for file in (folder / "data").glob("b*.js"):
        edit(file, reword)
    found = visit(opened, folder)
    alarms: list[str] = []

    def raised(dialog: Dialog) -> None:
        alarms.append(dialog.message)
        dialog.dismiss()

    found.page.on("dialog", raised)
    found.open("")
    for route in PAGES:
        page = found.turn(route)
        assert page.locator("main img, main script").count() == 0
        for chart in page.locator(".chart").all()[:2]:
            box = chart.bounding_box()
            assert box
            page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
            page.wait_for_timeout(20)
        assert page.locator("img, iframe, object").count() == 0
    assert alarms == []
    assert found.outside == []
    assert found.faults == []
    page = found.open("body?id=321300&year=2024")
    assert page.locator(".form-table td").first.text_content() == HOSTILE
    page = found.open("compare?city=411200&year=2019")
    assert any(t == HOSTILE + "411202" for t in page.locator("tbody th a").all_text_contents())
    _, content = downloaded(found, "figure button.csv")
    names = [line[0] for line in csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    assert f"'{FORMULA}411203" in names


def test_a_map_is_drawn_from_the_offices_boundaries(opened: Browser, built: Path, tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[[110, 34], [111, 34], [111, 35], [110, 34]]]}
    features = [{"type": "Feature", "properties": {"code": "411202"}, "geometry": area}]
    path = tmp_path / "boundaries.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    folder = tmp_path / "site"
    assert ogi_here(built, "site", "--out", str(folder), "--boundaries", str(path)).returncode == 0
    found = visit(opened, folder)
    page = found.open("compare?city=411200&year=2019")
    assert page.locator("figure").count() == 2
    assert "湖滨区人民政府" in (page.locator("figure .chart svg").nth(1).text_content() or "")
    assert found.faults == []
    path.write_text("{}", encoding="utf-8")
    refused = ogi_here(built, "site", "--out", str(folder), "--boundaries", str(path))
    assert refused.returncode == 2
    assert (folder / "index.html").is_file()
