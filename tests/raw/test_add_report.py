"""Add the reports of a city that nothing was prepared for, and reports that are another body's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.project import ROOT, query_snapshot, run_here

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.job.accept import Acceptance, accept
from pipeline.job.check import Statement
from pipeline.job.receipt import Receipt
from pipeline.job.receive import receive
from pipeline.raw.confirm import confirm_body, list_bodies
from pipeline.raw.file_state import sha256
from pipeline.raw.incoming import IncomingFile
from pipeline.registry.governments import governments
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body

EXAMPLE = ROOT / "data" / "raw" / "2024" / "320800.html"
TITLE = "淮安市人民政府2024年政府信息公开工作年度报告"


def write_report(folder: Path, body: str, number: int = 0, title: str = "{body}2024年政府信息公开工作年度报告") -> Path:
    """Write a report of a body; `number` makes its figures its own."""
    page = EXAMPLE.read_text(encoding="utf-8")
    assert "淮安市" in page
    path = folder / f"{number}.html"
    page = page.replace("淮安市人民政府2024年政府信息公开工作年度报告", title.format(body=body)).replace("淮安市", "")
    path.write_text(page.replace(">3001<", f">{3001 + number}<"), encoding="utf-8")
    return path


def add(data: Data, path: Path, body: str | None = None) -> Receipt:
    """Receive a file, register it if it is ready, and return its receipt."""
    receipts = receive([IncomingFile(path.name, path)], data, {path: Statement(body)})
    return accept(receipts, data, Acceptance("测试"))[0].receipt


@pytest.mark.slow
def test_city_without_preparation_is_added_and_compiled(tmp_path: Path) -> None:
    data = Data(tmp_path / "data")
    data.raw.mkdir(parents=True)
    counties = [body.name for body in governments().members_of("410300") if body.is_due(2024)]
    names = [*counties, "洛阳市教育局", "洛阳市财政局", "洛阳市水利局"]
    assert len(names) == 17
    assert all(find_body(load_register(data.raw), name, year=2024) for name in names)
    for number, name in enumerate(names[-4:]):  # a county and the departments: each takes two seconds
        receipt = add(data, write_report(tmp_path, name, number))
        assert receipt.body
        assert (receipt.status, receipt.body.name, receipt.year) == ("ready", name, 2024)
    assert not (data.raw / "bodies.csv").exists()
    run_here(tmp_path)
    statement = "SELECT count(*), sum(CAST(recognised AS INTEGER)) FROM {bodies} WHERE city = '410300'"
    assert query_snapshot(tmp_path, statement) == [(18 + old_counties(), 3)]
    statement = """SELECT DISTINCT members_expected, members_reported FROM {compiled}
        WHERE year = 2024 AND body_id = '410300'"""
    assert query_snapshot(tmp_path, statement) == [(17, 4)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "twice"), [("南通市人民政府", "南通市崇川区人民政府"), ("海南省人民政府", "海南省儋州市人民政府")]
)
def test_district_that_got_another_code_does_not_hinder_publication(tmp_path: Path, name: str, twice: str) -> None:
    """Its two codes are two bodies with one name, one after the other."""
    data = Data(tmp_path / "data")
    data.raw.mkdir(parents=True)
    assert add(data, write_report(tmp_path, name)).status == "ready"
    run_here(tmp_path)
    statement = f"SELECT count(*), count(last_year), count(first_year) FROM {{bodies}} WHERE name = '{twice}'"
    assert query_snapshot(tmp_path, statement) == [(2, 1, 1)]


def old_counties() -> int:
    """Return the number of counties of 洛阳市 that no longer exist."""
    return sum(not body.is_due(2024) for body in governments().members_of("410300"))


@pytest.mark.slow
def test_body_that_is_not_certain_is_asked_for_with_the_candidates(tmp_path: Path) -> None:
    data = Data(tmp_path / "data")
    data.raw.mkdir(parents=True)
    receipt = add(data, write_report(tmp_path, "鼓楼区人民政府"))
    assert receipt.reason
    assert (receipt.status, receipt.reason.code) == ("unknown", "add.body")
    assert "开封市鼓楼区人民政府" in str(receipt.reason.values["candidates"])
    unknown = write_report(tmp_path, "城关镇人民政府")
    receipt = add(data, unknown)
    assert receipt.reason
    assert receipt.reason.code == "receive.unknown_body"
    receipt = add(data, unknown, "嵩县城关镇人民政府")
    assert receipt.body
    assert (receipt.status, receipt.body.name) == ("ready", "嵩县城关镇人民政府")


def test_recognised_body_is_confirmed_and_renamed(tmp_path: Path) -> None:
    data = Data(tmp_path / "data")
    data.raw.mkdir(parents=True)
    add(data, write_report(tmp_path, "洛阳市教育局"))
    assert [(body.name, body.recognised) for body in list_bodies(data)] == [("洛阳市教育局", True)]
    with pytest.raises(DataFault, match=r"bodies\.known"):
        confirm_body(data, "洛阳市教育局", "三门峡市教育局")
    confirm_body(data, "洛阳市教育局", "洛阳市教育体育局")
    assert [(body.name, body.recognised) for body in list_bodies(data)] == [("洛阳市教育体育局", False)]
    with pytest.raises(DataFault, match=r"bodies\.known"):
        confirm_body(data, "洛阳市教育局", "")


@pytest.mark.slow
def test_report_of_another_body_and_copied_file_are_quarantined(project: Path) -> None:
    raw = project / "data" / "raw"
    other = write_report(raw / "2024", "洛阳市教育局")
    city = raw / "2023" / "copy.html"
    shutil.copyfile(raw / "2023" / "321300.html", city)
    lines = (
        f"2024/{other.name},洛阳市财政局,410300,department,2024,published,测试,{sha256(other)}",
        f"2023/copy.html,宿迁市教育局,321300,department,2023,published,测试,{sha256(city)}",
    )
    with (raw / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.writelines(f"{line}\n" for line in lines)
    assert run_here(project) == 1
    reasons = query_snapshot(
        project, "SELECT report_id, reason_code FROM {reports} WHERE status = 'quarantined' ORDER BY ALL"
    )
    assert reasons == [
        ("2023/321300.html", "report.same_file"),
        ("2023/copy.html", "report.same_file"),
        (f"2024/{other.name}", "report.other_body"),
    ]
