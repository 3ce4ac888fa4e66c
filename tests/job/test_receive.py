"""Receive a folder as offices send it: every kind of file gets the answer that a clerk would give."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from raw.test_add_report import write_report

from pipeline.cli.add import command as add_command
from pipeline.cli.remove import command as remove_command
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.job.accept import Acceptance, accept
from pipeline.job.receive import receive
from pipeline.raw.add import NewReport, add_report, find_registered
from pipeline.raw.incoming import MAX_UNPACKED_BYTES, clean_name, list_incoming
from pipeline.raw.manifest import read_lines
from pipeline.raw.start import start_folder
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body


@pytest.fixture
def city(tmp_path: Path) -> Data:
    """A data folder of 洛阳市 with one department on its list of members."""
    data = Data(tmp_path / "data")
    start_folder(data, "洛阳市", ["洛阳市教育局"])
    return data


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty folder for incoming files."""
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def write_named(folder: Path, name: str, body: str, number: int = 0, **title: str) -> Path:
    """Write a report under the name that an office gives it."""
    return write_report(folder, body, number, **title).rename(folder / name)


def add_all(inbox: Path, data: Data, *options: str) -> Mapping[str, Mapping[str, Any]]:
    """Run `ogi add FOLDER --json`; return the rows by file name."""
    result = CliRunner().invoke(add_command, [str(inbox), "--data", str(data.root), "--json", *options])
    assert not result.exception, result.exception
    return {row["file"]: row for row in json.loads(result.output)}


def test_each_kind_of_file_gets_its_answer(city: Data, inbox: Path) -> None:
    write_named(inbox, "教育局.html", "洛阳市教育局", 1)
    write_named(inbox, "涧西.html", "洛阳市涧西区人民政府", 2)
    write_named(inbox, "涧西二次.html", "洛阳市涧西区人民政府", 3)
    write_named(inbox, "交育局.html", "洛阳市交育局", 4)
    write_named(inbox, "涧溪.html", "洛阳市涧溪区人民政府", 5)
    write_named(inbox, "郑州.html", "郑州市中原区人民政府", 6)
    write_named(inbox, "去年.html", "洛阳市老城区人民政府", 7, title="{body}2023年政府信息公开工作年度报告")
    (inbox / "教育局副本.html").write_bytes((inbox / "教育局.html").read_bytes())
    (inbox / "通知.txt").write_text("关于报送2024年政府信息公开工作年度报告的通知\n各县区：请报送。", encoding="utf-8")
    (inbox / "预算.txt").write_text("2024年部门预算\n收入 100\n支出 90\n", encoding="utf-8")
    (inbox / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    (inbox / "~$年报.docx").write_bytes(bytes(100))
    (inbox / "Thumbs.db").write_bytes(bytes(100))
    rows = add_all(inbox, city, "--year", "2024")
    assert {name: (row["status"], row["reason_code"]) for name, row in rows.items()} == {
        "教育局.html": ("ready", None),
        "涧西.html": ("ready", None),
        "涧西二次.html": ("version", "receive.version"),
        "交育局.html": ("unknown", "receive.new_body"),
        "涧溪.html": ("unknown", "receive.unknown_body"),
        "郑州.html": ("unknown", "receive.outside"),
        "去年.html": ("returned", "receive.other_year"),
        "教育局副本.html": ("duplicate", "receive.same_file"),
        "通知.txt": ("ignored", "receive.notice"),
        "预算.txt": ("returned", "receive.no_report"),
        "坏.pdf": ("returned", "read.pdf_broken"),
        "~$年报.docx": ("ignored", "incoming.system"),
        "Thumbs.db": ("ignored", "incoming.system"),
    }
    assert rows["交育局.html"]["suggestions"] == ["洛阳市教育局"]
    assert "涧西区人民政府" in rows["涧溪.html"]["suggestions"]
    assert [d["before"] for d in rows["涧西二次.html"]["differences"]] == ["3003"]
    assert [line["source"] for line in read_lines(city.manifest)] == ["教育局.html", "涧西.html"]


@pytest.mark.slow
def test_adding_again_changes_nothing(city: Data, inbox: Path) -> None:
    write_named(inbox, "教育局.html", "洛阳市教育局")
    add_all(inbox, city)
    before = city.manifest.read_bytes()
    assert add_all(inbox, city)["教育局.html"]["status"] == "duplicate"
    assert city.manifest.read_bytes() == before


@pytest.mark.slow
def test_report_in_another_format_replaces_the_registered_one(city: Data, inbox: Path) -> None:
    page = write_named(inbox, "教育局.html", "洛阳市教育局")
    add_all(inbox, city)
    page.unlink()
    changed = write_named(inbox, "教育局新.htm", "洛阳市教育局", 5)
    assert add_all(inbox, city)["教育局新.htm"]["status"] == "version"
    assert add_all(inbox, city, "--replace")["教育局新.htm"]["report_id"] == "2024/410300-education.htm"
    files = sorted(path.name for path in (city.raw / "2024").iterdir())
    assert files == ["410300-education.htm"]
    assert (city.raw / "2024" / files[0]).read_bytes() == changed.read_bytes()
    assert len(list((city.replaced / "2024").iterdir())) == 1
    assert [line["path"] for line in read_lines(city.manifest)] == ["2024/410300-education.htm"]


@pytest.mark.slow
def test_new_version_registered_meanwhile_is_not_overwritten(city: Data, inbox: Path) -> None:
    first = write_named(inbox, "一.html", "洛阳市教育局", 1)
    receipts = receive(list_incoming([first], inbox), city)
    second = write_named(inbox, "二.html", "洛阳市教育局", 2)
    accept(receive(list_incoming([second], inbox), city), city, Acceptance())
    (late,) = accept(receipts, city, Acceptance())
    assert late.receipt.reason
    assert (late.report_id, late.receipt.reason.code) == ("", "add.changed")
    assert (city.raw / "2024" / "410300-education.html").read_bytes() == second.read_bytes()


@pytest.mark.slow
def test_accepting_is_completed_after_a_kill(city: Data, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop after each step of a replacement; the next call leaves one file and one line, and the old copy."""
    old = write_named(inbox, "旧.html", "洛阳市教育局", 1)
    body = find_body(load_register(city.raw), "洛阳市教育局")
    assert body
    for step in ("write_atomically", "update_manifest", "_other_files"):
        registered = find_registered(city, body, 2024).get("path", "")
        path = add_report(city, NewReport(old, body, 2024, "", replaces=registered))
        new = write_named(inbox, f"{step}.htm", "洛阳市教育局", 2)

        def killed(*_arguments: object, **_options: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(f"pipeline.raw.add.{step}", killed)
            with pytest.raises(KeyboardInterrupt):
                add_report(city, NewReport(new, body, 2024, "", replaces=path))
        (receipt,) = receive(list_incoming([new], inbox), city)
        (done,) = accept([receipt], city, Acceptance(replace=True))
        assert receipt.status in {"version", "ready", "duplicate"}
        assert len(read_lines(city.manifest)) == 1, step
        if receipt.status != "duplicate":
            assert done.report_id, step
            assert [p.name for p in (city.raw / "2024").iterdir()] == ["410300-education.htm"], step
        assert any(p.read_bytes() == old.read_bytes() for p in (city.replaced / "2024").iterdir()), step


@pytest.mark.slow
def test_archive_with_names_in_gbk(city: Data, inbox: Path) -> None:
    page = write_named(inbox, "x.html", "洛阳市教育局")
    name = "洛阳市教育局年报.html".encode("gb18030").decode("cp437")
    with zipfile.ZipFile(inbox / "年报.zip", "w") as archive:
        member = zipfile.ZipInfo(name)
        archive.writestr(member, page.read_bytes())
    raw = (inbox / "年报.zip").read_bytes()
    encoded = name.encode("utf-8")  # zipfile marks the name as UTF-8; Windows does not
    assert encoded in raw
    plain = _unmark_names(raw, encoded, "洛阳市教育局年报.html".encode("gb18030"))
    (inbox / "年报.zip").write_bytes(plain)
    page.unlink()
    assert list(add_all(inbox, city)) == ["年报.zip/洛阳市教育局年报.html"]


def _unmark_names(archive: bytes, name: bytes, gbk: bytes) -> bytes:
    """Return an archive with one member whose name is in GBK, as Windows writes it."""
    from io import BytesIO

    content = zipfile.ZipFile(BytesIO(archive)).read(name.decode())
    placeholder = b"N" * len(gbk)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as plain:
        plain.writestr(placeholder.decode(), content)
    return buffer.getvalue().replace(placeholder, gbk)


@pytest.mark.parametrize("name", ["../../x.html", "/etc/x.html", "C:\\x.html", "a/../../x.html", "\u202egpj.html"])
def test_hostile_names_stay_in_the_folder(tmp_path: Path, inbox: Path, name: str) -> None:
    with zipfile.ZipFile(inbox / "a.zip", "w") as archive:
        archive.writestr(name, b"<html></html>")
    (file,) = list_incoming([inbox / "a.zip"], tmp_path / "out")
    assert file.path.resolve().is_relative_to((tmp_path / "out").resolve())
    assert ".." not in file.name.split("/")
    assert "\u202e" not in file.name + file.path.name + clean_name(name)
    assert "/" not in clean_name(name)


@pytest.mark.slow
def test_archive_bomb_stops_early(tmp_path: Path, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.html", bytes(19 * 2**20))
    files = list_incoming([inbox / "a.zip"], tmp_path / "out")
    assert files[-1].fault
    assert files[-1].fault.code == "read.inflated"
    assert sum(f.path.stat().st_size for f in files[:-1]) <= MAX_UNPACKED_BYTES


def test_remove_withdraws_a_report(city: Data, inbox: Path) -> None:
    write_named(inbox, "教育局.html", "洛阳市教育局")
    add_all(inbox, city)
    result = CliRunner().invoke(remove_command, ["洛阳市教育局", "2024", "--data", str(city.root)])
    assert result.exit_code == 0, result.output
    assert read_lines(city.manifest) == []
    assert not any((city.raw / "2024").iterdir())
    assert len(list((city.replaced / "2024").iterdir())) == 1
    again = CliRunner().invoke(remove_command, ["洛阳市教育局", "2024", "--data", str(city.root)])
    assert again.exit_code == 2


def test_folder_with_reports_is_not_started_again(city: Data) -> None:
    with pytest.raises(DataFault, match=r"init\.taken"):
        start_folder(city, "洛阳市")


def test_list_of_members_has_the_counties_of_the_city(city: Data) -> None:
    members = [b for b in load_register(city.raw).bodies.values() if b.parent == "410300"]
    assert sum(b.is_due(2024) for b in members if b.level == "county") == 14
    assert "洛阳市教育局" in {b.name for b in members}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("关于做好2024年年报工作的函\n各单位：请报送。", "ignored"),
        ("《政府信息公开年报填报说明》\n一、口径。", "ignored"),
        ("洛阳市教育局2024年政府信息公开工作年度报告\n制定了实施方案，印发了通知。", "returned"),
        ("工作情况\n今年印发通知10份，制定方案3个。", "returned"),
    ],
)
def test_only_a_heading_makes_a_notice(city: Data, inbox: Path, text: str, status: str) -> None:
    (inbox / "a.txt").write_text(text, encoding="utf-8")
    assert add_all(inbox, city)["a.txt"]["status"] == status


@pytest.mark.slow
def test_stated_body_does_not_hide_what_the_report_says(city: Data, inbox: Path) -> None:
    """The next run would set aside a report of another body, and call a misspelt name an error."""
    write_named(inbox, "财政局.html", "洛阳市财政局")
    row = add_all(inbox, city, "--body", "洛阳市教育局")["财政局.html"]
    assert (row["status"], row["reason_code"]) == ("returned", "report.other_body")
    (inbox / "财政局.html").unlink()
    write_named(inbox, "交育局.html", "洛阳市交育局")
    row = add_all(inbox, city, "--body", "洛阳市教育局")["交育局.html"]
    assert (row["status"], row["body"]) == ("ready", "洛阳市教育局")
    assert any("洛阳市交育局" in text for text in row["sentences"]["error"])


def test_stated_year_does_not_hide_that_of_the_title(city: Data, inbox: Path) -> None:
    write_named(inbox, "教育局.html", "洛阳市教育局")
    row = add_all(inbox, city, "--year", "2023")["教育局.html"]
    assert (row["status"], row["year"]) == ("ready", 2023)
    assert any("2024" in text and "2023" in text for text in row["sentences"]["error"])


def test_hidden_folders_hold_no_reports(city: Data, inbox: Path) -> None:
    (inbox / ".git").mkdir()
    write_named(inbox / ".git", "教育局.html", "洛阳市教育局")
    assert [row["reason_code"] for row in add_all(inbox, city).values()] == ["incoming.system"]


def test_file_that_a_person_put_there_is_not_moved(city: Data, inbox: Path) -> None:
    by_hand = city.raw / "2024" / "410300-education.pdf"
    by_hand.parent.mkdir()
    by_hand.write_bytes(b"%PDF-")
    write_named(inbox, "教育局.html", "洛阳市教育局")
    add_all(inbox, city)
    assert by_hand.read_bytes() == b"%PDF-"


def test_limit_of_the_archive_is_named(tmp_path: Path, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", bytes(21 * 2**20))
    (file,) = list_incoming([inbox / "a.zip"], tmp_path / "out")
    assert file.fault
    assert file.fault.values["limit"] == 20
