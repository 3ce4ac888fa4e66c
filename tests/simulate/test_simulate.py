"""Test the simulated reports of 三门峡市's members and the documents that are shipped."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.form import Form, forms
from pipeline.core.form_grid import lay_out
from pipeline.core.model import ProjectFault
from pipeline.extract import extract
from pipeline.raw.manifest import MANIFEST_COLUMNS
from pipeline.read import read_bytes
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body
from pipeline.simulate.documents import SimulatedReport
from pipeline.simulate.members import CITY, MEMBERS
from pipeline.simulate.random_integers import allot_cases, apportion, pick_index
from pipeline.simulate.render import DocumentText, render_html, render_text
from pipeline.simulate.sanmenxia import CityProse, items_before, simulate_reports, write_reports
from pipeline.simulate.split import split_applications, split_cells

RAW = Path(__file__).resolve().parents[2] / "data" / "raw"
CITY_PROSE = CityProse(items=129790)
TEXT = DocumentText(title="甲", notice="乙", prose=["丙"])
FORM = forms()["2019"]

# The numbers that 三门峡市 reported for 2019, in printed order; `_` is a blank cell.
CITY_2019 = """
0 0 0 252 178 646 3119 365 611501 4269 1894 2849274 7402 750 643543 446 46 8947 168 7 0 0
251 8 1 2 3 0 265  2 0 0 0 0 0 2
164 5 1 1 3 0 174  4 2 0 1 0 0 7
0 0 0 0 0 0 0  0 0 0 0 0 0 0  0 0 0 0 0 0 0  2 0 0 0 0 0 2
0 0 0 0 0 0 0  0 0 0 0 0 0 0  3 0 0 0 0 0 3  0 0 0 0 0 0 0
54 1 0 0 0 0 55  0 0 0 0 0 0 0  2 0 0 0 0 0 2
3 0 0 0 0 0 3  4 0 0 0 0 0 4  0 0 0 0 0 0 0  16 0 0 0 0 0 16  0 0 0 0 0 0 0
1 0 0 0 0 0 1
253 8 1 2 3 0 267  _ 0 0 0 0 0 0
38 11 0 1 50 17 0 0 1 18 5 2 1 0 8
"""
CITY_CELLS: Mapping[str, Decimal | None] = {
    address: None if number == "_" else Decimal(number)
    for address, number in zip(FORM.addresses(FORM.printed_tables), CITY_2019.split(), strict=True)
}


@pytest.fixture(scope="module")
def reports() -> list[SimulatedReport]:
    return simulate_reports(CITY_CELLS, CITY_PROSE)


def test_transcribed_report_has_the_verified_figures() -> None:
    extraction = extract(read_bytes((RAW / "2019" / "411200.html").read_bytes()), load_register())
    assert {c.address: c.value for c in extraction.cells} == CITY_CELLS
    assert {f.row: f.value for f in extraction.figures if f.scope == "whole"}["disclosed.items"] == CITY_PROSE.items


def failures(form: Form, values: Mapping[str, int]) -> list[str]:
    """Return identity and place of each identity that fails; identities with missing cells do not fail."""
    failed = []
    for instance in form.instances:
        if {*instance.left, *instance.right} <= set(values):
            left, right = (sum(values[a] for a in side) for side in (instance.left, instance.right))
            if not (left >= right if instance.identity.relation == ">=" else left == right):
                failed.append(f"{instance.identity.id} {instance.place}")
    return failed


def cell_values(report: SimulatedReport) -> dict[str, int]:
    """Return the printed cells as numbers, by address."""
    return {address: int(text) for address, text in report.values.items()}


def decoded(report: SimulatedReport) -> str:
    """Return the document as text, decoded by its true encoding."""
    try:
        return report.content.decode("utf-8")
    except UnicodeDecodeError:
        return report.content.decode("gb18030")


def test_there_is_one_report_per_member_and_year(reports: list[SimulatedReport]) -> None:
    assert Counter((r.year, r.form) for r in reports) == {(2018, "2014"): 28, (2019, "2019"): 28}
    assert {r.path.split(".")[0] for r in reports} == {f"{y}/{m.body_id}" for y in (2018, 2019) for m in MEMBERS}
    assert Counter(m.level for m in MEMBERS) == {"county": 6, "zone": 2, "department": 20}


def test_every_report_has_every_cell_and_meets_every_identity(reports: list[SimulatedReport]) -> None:
    for report in reports:
        form = forms()[report.form]
        assert tuple(report.values) == form.addresses(form.printed_tables)
        assert min(cell_values(report).values()) >= 0
        assert failures(form, cell_values(report)) == []


def test_failures_detects_a_broken_identity(reports: list[SimulatedReport]) -> None:
    report = next(r for r in reports if r.year == 2019)
    values = cell_values(report)
    values["applications/granted/business"] += 1
    assert sorted(failures(FORM, values)) == [
        "app.handled applications/handled/business",
        "app.row_total applications/granted/total",
    ]


def test_prose_agrees_with_the_tables_and_is_in_the_document(reports: list[SimulatedReport]) -> None:
    for report in reports:
        figures = {f"narrative/{row}/value": value for row, value in report.figures.items()}
        assert failures(forms()[report.form], cell_values(report) | figures) == []
        text, printed = decoded(report), report.figures
        assert f"{report.year}年，{report.member.name}主动公开政府信息{printed['disclosed.items']}条。" in text
        assert f"收到政府信息公开申请{printed['applications.received']}件，" in text
        assert f"行政复议{printed['review.total']}起、行政诉讼{printed['litigation.total']}起。" in text
        assert f"培训{printed['trainings']}次，{printed['trained']}人次参加。" in text
        if report.year == 2019:
            assert (
                f"件，上年结转{printed['applications.carried_in']}件，办结{printed['applications.handled']}件。" in text
            )
        else:
            assert f"件，办结{printed['applications.handled']}件。" in text


def test_members_sum_to_the_city(reports: list[SimulatedReport]) -> None:
    members = [r for r in reports if r.year == 2019]
    sums = {address: sum(cell_values(r)[address] for r in members) for address in CITY_CELLS}
    assert len(sums) == 198
    assert sums == {address: int(value or 0) for address, value in CITY_CELLS.items()}
    prose = ("disclosed.items", "trainings", "trained")
    assert [sum(r.figures[row] for r in members) for row in prose] == [129790, 24, 1151]


def test_growth_equals_the_reported_growth(reports: list[SimulatedReport]) -> None:
    items = {(r.member.body_id, r.year): r.figures["disclosed.items"] for r in reports}
    before, after = (sum(n for (_, year), n in items.items() if year == y) for y in (2018, 2019))
    assert (before, after) == (72508, 129790)
    assert round(Decimal(100 * (after - before)) / before, 1) == Decimal("79.0")
    assert items_before(CITY_PROSE.items, Decimal(79)) == 72508
    assert all(1.5 < items[m.body_id, 2019] / items[m.body_id, 2018] < 2.1 for m in MEMBERS)


def test_applications_not_concluded_in_2018_are_carried_in(reports: list[SimulatedReport]) -> None:
    cells = {(r.member.body_id, r.year): cell_values(r) for r in reports}
    for member in MEMBERS:
        before = cells[member.body_id, 2018]
        not_concluded = before["statistics/received.total/value"] - before["statistics/concluded.total/value"]
        assert not_concluded == cells[member.body_id, 2019]["applications/carried_in/total"]


def test_same_seed_gives_the_same_bytes(reports: list[SimulatedReport]) -> None:
    assert simulate_reports(CITY_CELLS, CITY_PROSE) == reports
    assert [r.content for r in simulate_reports(CITY_CELLS, CITY_PROSE, seed=1)] != [r.content for r in reports]


def test_committed_documents_equal_the_generated_ones(reports: list[SimulatedReport]) -> None:
    for report in reports:
        assert (RAW / report.path).read_bytes() == report.content, report.path


def test_every_simulated_document_is_marked_as_simulated(reports: list[SimulatedReport]) -> None:
    for report in reports:
        lines = [unescape(re.sub("<[^>]*>", "", line)) for line in decoded(report).splitlines()]
        notice = (
            f"模拟数据：本文件由程序生成，数字不是{report.member.name}公布的数字。"
            " / SIMULATED: generated by a program, not figures published by this body."
        )
        notice_lines = [i for i, line in enumerate(lines) if line == notice]
        assert len(notice_lines) == 2
        assert notice_lines[0] < lines.index("一、总体情况") < notice_lines[1]
        assert f"（模拟）{report.member.name}{report.year}年政府信息公开工作年度报告" in lines
        assert not re.search(r"\d", "".join(lines[notice_lines[1] + 1 :]))


def test_formats_and_charsets_vary(reports: list[SimulatedReport]) -> None:
    kinds: Counter[tuple[str, str, bool]] = Counter()
    for report in reports:
        text = decoded(report)
        declared = re.search('charset="([^"]+)"', text)
        kinds[report.path.split(".")[-1], declared[1] if declared else "", text.encode("utf-8") == report.content] += 1
    assert set(kinds) == {
        ("html", "utf-8", True),
        ("html", "gb18030", False),
        ("html", "utf-8", False),  # a wrong charset is declared
        ("txt", "", True),
    }
    assert min(kinds.values()) == kinds["html", "utf-8", False] >= 2


def test_manifest_lists_every_file_with_its_hash() -> None:
    text = (RAW / "manifest.csv").read_bytes().decode("utf-8")
    lines = list(csv.DictReader(text.splitlines()))
    assert "\r" not in text
    assert tuple(lines[0]) == MANIFEST_COLUMNS
    paths = [line["path"] for line in lines]
    assert paths == sorted({p.relative_to(RAW).as_posix() for p in RAW.glob("*/*") if p.is_file()})
    for line in lines:
        content = (RAW / line["path"]).read_bytes()
        assert line["sha256"] == hashlib.sha256(content).hexdigest(), line["path"]
        body = find_body(load_register(), line["body"])
        assert body is not None
        assert line["path"].split(".")[0] == f"{line['year']}/{body.body_id}"
        assert (line["region_code"], line["level"]) == (body.region_code, body.level)
        cities = {"city": f"{body.region_code[:2]}0000", "county": f"{body.region_code[:4]}00"}
        is_member = line["provenance"] == "simulated"
        assert body.parent == (CITY if is_member else cities[line["level"]])


def test_transcribed_documents_are_marked_as_transcribed_and_not_as_simulated() -> None:
    lines = list(csv.DictReader((RAW / "manifest.csv").read_text(encoding="utf-8").splitlines()))
    real = [line for line in lines if line["provenance"] != "simulated"]
    assert [line["path"] for line in real] == [
        "2019/411200.html",
        "2023/321300.html",
        "2024/320800.html",
        "2024/320813.html",
        "2024/321300.html",
        "2025/321322.html",
    ]
    for line in real:
        text = (RAW / line["path"]).read_text(encoding="utf-8")
        assert "据公开发布的年度报告转录，仅转录数字。" in text
        assert "模拟" not in text


@pytest.mark.parametrize("code", sorted(code for code, form in forms().items() if form.printed_tables))
def test_printed_tables_have_no_gap_and_no_overlap(code: str) -> None:
    form = forms()[code]
    for table in form.printed_tables:
        cells = lay_out(table, {})
        places = Counter(
            (r, c)
            for cell in cells
            for r in range(cell.row, cell.row + cell.rowspan)
            for c in range(cell.column, cell.column + cell.colspan)
        )
        height, width = (max(p[i] for p in places) + 1 for i in (0, 1))
        assert len(places) == height * width
        assert set(places.values()) == {1}


@pytest.mark.parametrize("suffix", ["html", "txt"])
@pytest.mark.parametrize("code", sorted(code for code, form in forms().items() if form.printed_tables))
def test_rendered_document_is_read_back(code: str, suffix: str) -> None:
    form = forms()[code]
    values = {address: str(number) for number, address in enumerate(form.addresses(form.printed_tables), start=1000)}
    if suffix == "html":
        content = render_html(form, values, TEXT, encoding="gb18030")
    else:
        content = render_text(form, values, TEXT)
    extraction = extract(read_bytes(content), load_register())
    assert extraction.form == code
    assert {cell.address: cell.raw for cell in extraction.cells} == values


def test_text_rows_have_all_their_fields() -> None:
    content = render_text(FORM, {}, TEXT).decode("utf-8")
    widths = Counter(line.count("\t") + 1 for line in content.splitlines() if "\t" in line)
    assert widths == {4: 5 * 2 + 8, 10: 3 + 23, 15: 4}


def test_html_is_escaped_and_missing_value_is_blank() -> None:
    page = render_html(
        FORM, {"proactive/fees/items_prior": "<1>"}, DocumentText("a<b", "c&d", ["<p>"]), encoding="utf-8"
    ).decode("utf-8")
    assert "<title>a&lt;b</title>" in page
    assert page.count("<p>c&amp;d</p>") == 2
    assert "<p>&lt;p&gt;</p>" in page
    assert '<tr><td>行政事业性收费</td><td>&lt;1&gt;</td><td colspan="2"></td></tr>' in page


def test_writing_keeps_other_manifest_lines_and_never_replaces_a_real_report(
    reports: list[SimulatedReport], tmp_path: Path
) -> None:
    real = "2019/411200.html,三门峡市人民政府,411200,city,2019,transcribed,甲,00"
    (tmp_path / "manifest.csv").write_text(f"{','.join(MANIFEST_COLUMNS)}\n{real}\n", encoding="utf-8")
    write_reports(reports, tmp_path)
    written = (tmp_path / "manifest.csv").read_text(encoding="utf-8")
    assert real in written.splitlines()
    assert len(written.splitlines()) == 1 + 1 + len(reports)
    write_reports(reports, tmp_path)
    assert (tmp_path / "manifest.csv").read_text(encoding="utf-8") == written

    with_real_path = written.replace(
        "2018/411202.html,湖滨区人民政府,411202,county,2018,simulated", "2018/411202.html,,,,,published"
    )
    (tmp_path / "manifest.csv").write_text(with_real_path, encoding="utf-8")
    (tmp_path / "2018" / "411202.html").write_bytes(b"real")
    with pytest.raises(ProjectFault, match=r"2018/411202\.html"):
        write_reports(reports, tmp_path)
    assert (tmp_path / "2018" / "411202.html").read_bytes() == b"real"


@pytest.mark.parametrize(
    "changed_cells",
    [
        {"applications/granted/total": Decimal(175)},
        {"applications/carried_out/natural_person": Decimal(1)},
        {"proactive/normative_documents/total_disclosed": Decimal(177)},
        {"proactive/procurement/amount": Decimal("0.5")},
        {"proactive/licensing/items_change": Decimal(-1)},
    ],
)
def test_city_with_inconsistent_cells_cannot_be_split(changed_cells: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match=r"cannot split|do not add up|not a number"):
        split_cells(FORM, {**CITY_CELLS, **changed_cells}, [3, 2, 1], Random(0))


@given(st.data())
def test_consistent_city_is_split_into_consistent_members(data: st.DataObject) -> None:
    table = FORM.tables["applications"]
    outcomes = [r for r in table.rows if r not in ("new", "carried_in", "handled", "carried_out")]
    city: dict[str, int] = {}
    for column in table.columns:
        counts = {r: data.draw(st.integers(0, 3)) for r in (*outcomes[::7], "carried_out")}
        total = sum(counts.values())
        carried_in = data.draw(st.integers(0, total))
        counts |= {"handled": total - counts["carried_out"], "carried_in": carried_in, "new": total - carried_in}
        city |= {f"applications/{r}/{column}": counts.get(r, 0) for r in table.rows}
    members = split_applications(table, city, [9, 4, 1, 1], Random(data.draw(st.integers(0, 99))))
    for cells in members:
        assert min(cells.values()) >= 0
        assert failures(FORM, cells) == []
    parts = [a for a in city if not a.endswith("/total")]
    assert {a: sum(cells[a] for cells in members) for a in parts} == {a: city[a] for a in parts}


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_apportion_is_exact_and_within_one_of_the_share(total: int, weights: list[int]) -> None:
    shares = apportion(total, weights)
    assert sum(shares) == total
    assert all(abs(s * sum(weights) - total * w) < sum(weights) for s, w in zip(shares, weights, strict=True))


def test_apportion_favours_the_largest_remainder_then_the_first() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(7, [6, 3, 1]) == [4, 2, 1]
    assert apportion(0, [0, 0]) == [0, 0]
    for total, weights in ((-1, [1]), (1, [0, 0]), (1, [2, -1])):
        with pytest.raises(ValueError, match="cannot split"):
            apportion(total, weights)


def test_cases_fall_only_to_indexes_with_weight() -> None:
    assert allot_cases(50, [0, 1, 0], Random(1)) == [0, 50, 0]
    assert sum(allot_cases(50, [1, 2, 3], Random(1))) == 50
    assert {pick_index([1, 1, 1], Random(seed)) for seed in range(30)} == {0, 1, 2}
    with pytest.raises(ValueError, match="nothing to pick"):
        pick_index([0, 0], Random(1))
