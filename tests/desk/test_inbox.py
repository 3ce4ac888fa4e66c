"""A day at the counter: files come in, are accepted, replaced, sent back and claimed; nothing is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from raw.test_add_report import write_report
from support.desk import TOKEN, DeskClient, open_desk

from pipeline.core.paths import Data
from pipeline.job.inbox import list_receipts
from pipeline.raw import inbox
from pipeline.raw.manifest import read_lines
from pipeline.raw.returns import read_returns
from pipeline.raw.start import start_folder

BASE = "/410300/2024/inbox"


@pytest.fixture
def data(tmp_path: Path) -> Data:
    folder = Data(tmp_path / "data")
    start_folder(folder, "洛阳市", ["洛阳市教育局", "洛阳市财政局"])
    return folder


@pytest.fixture
def desk(data: Data) -> Iterator[DeskClient]:
    with open_desk(data, 2024) as opened:
        opened.desk.worker.want_run = lambda: None  # type: ignore[method-assign]  # runs are tested elsewhere
        yield opened


def write(folder: Path, name: str, body: str, number: int = 0) -> Path:
    """Write a report under the name that an office gives it."""
    return write_report(folder, body, number).rename(folder / name)


def key_of(data: Data, name: str) -> str:
    """Return the key of a file of the inbox."""
    return next(item.key for item in inbox.items(data) if item.name == name)


def statuses(data: Data) -> dict[str, str]:
    """Return the status of each file of the inbox."""
    return {r.item.name: r.row("zh")["status"] for r in list_receipts(data)}


def test_report_is_accepted(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    desk.upload("410300", 2024, [write(tmp_path, "教育局.html", "洛阳市教育局")])
    desk.wait()
    page = desk.get(BASE)
    assert "洛阳市教育局" in page
    assert "可收" in page
    desk.post(f"{BASE}/{key_of(data, '教育局.html')}/accept")
    assert [line["path"] for line in read_lines(data.manifest)] == ["2024/410300-education.html"]
    assert inbox.items(data) == []


@pytest.mark.slow
def test_second_version_waits_for_a_person(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    first, second = write(tmp_path, "一.html", "洛阳市教育局", 1), write(tmp_path, "二.html", "洛阳市教育局", 2)
    desk.upload("410300", 2024, [first])
    desk.wait()
    desk.post(f"{BASE}/{key_of(data, '一.html')}/accept")
    desk.upload("410300", 2024, [second])
    desk.wait()
    assert statuses(data) == {"二.html": "version"}
    page = desk.get(f"{BASE}/{key_of(data, '二.html')}")
    assert "3002" in page
    assert "3003" in page
    desk.post(f"{BASE}/{key_of(data, '二.html')}/accept")  # without `replace`, nothing changes
    assert statuses(data) == {"二.html": "version"}
    desk.post(f"{BASE}/{key_of(data, '二.html')}/replace")
    assert statuses(data) == {}
    assert (data.raw / "2024" / "410300-education.html").read_bytes() == second.read_bytes()
    assert [p.read_bytes() for p in (data.replaced / "2024").iterdir()] == [first.read_bytes()]


@pytest.mark.slow
def test_other_version_of_the_inbox_can_be_chosen(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    files = [write(tmp_path, "一.html", "洛阳市教育局", 1), write(tmp_path, "二.html", "洛阳市教育局", 2)]
    desk.upload("410300", 2024, files)
    desk.wait()
    assert sorted(statuses(data).values()) == ["ready", "version"]
    chosen = next(name for name, status in statuses(data).items() if status == "version")
    desk.post(f"{BASE}/{key_of(data, chosen)}/replace")
    desk.get(BASE)
    desk.wait()
    assert list(statuses(data).values()) == ["version"]


@pytest.mark.slow
def test_person_says_whose_report_it_is(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    desk.upload("410300", 2024, [write(tmp_path, "交育局.html", "洛阳市交育局")])
    desk.wait()
    key = key_of(data, "交育局.html")
    assert statuses(data) == {"交育局.html": "unknown"}
    assert 'value="洛阳市教育局"' in desk.get(f"{BASE}/{key}")
    desk.post(f"{BASE}/{key}/whose", {"suggested": "洛阳市教育局", "body": "", "year": "2024"})
    assert statuses(data) == {"交育局.html": "ready"}
    desk.post(f"{BASE}/{key}/accept")
    assert [line["body"] for line in read_lines(data.manifest)] == ["洛阳市教育局"]


def test_report_is_sent_back_with_reason_and_name(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    path = tmp_path / "空白.txt"
    path.write_text("洛阳市教育局2024年政府信息公开工作年度报告\n无", encoding="utf-8")
    desk.upload("410300", 2024, [path])
    desk.wait()
    key = key_of(data, "空白.txt")
    desk.post(f"{BASE}/{key}/return", {"reason": "", "who": "王某"}, status=400)
    assert list(statuses(data)) == ["空白.txt"]
    desk.post(f"{BASE}/{key}/return", {"reason": "没有统计表", "who": "王某"})
    assert [(r.file, r.reason, r.returned_by) for r in read_returns(data)] == [("空白.txt", "没有统计表", "王某")]
    assert inbox.items(data) == []
    assert [p.read_bytes() for p in (data.root / "returned").rglob("*.txt")] == [path.read_bytes()]


@pytest.mark.slow
def test_hundred_uploads_at_once_are_all_stored(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number}.txt").write_text(f"第{number}个文件", encoding="utf-8")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: desk.upload("410300", 2024, [tmp_path / f"{n}.txt"]), range(100)))
    assert {item.name for item in inbox.items(data)} == {f"{number}.txt" for number in range(100)}
    assert not [path for path in inbox.inbox_folder(data).iterdir() if path.name.startswith(".new")]


@pytest.mark.slow
def test_two_desks_accept_the_same_file(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    desk.upload("410300", 2024, [write(tmp_path, "教育局.html", "洛阳市教育局")])
    desk.wait()
    key = key_of(data, "教育局.html")
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda _: desk.client.post(f"{BASE}/{key}/accept?csrf={TOKEN}").status_code, range(2))
    assert set(answers) <= {200, 400, 404}
    assert len(read_lines(data.manifest)) == 1
    assert len(list((data.raw / "2024").iterdir())) == 1


def test_kill_while_a_file_is_stored_leaves_no_part(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            inbox.put(data, "年报.html", b"x")
    assert inbox.items(data) == []
    inbox.put(data, "年报.html", b"x")
    assert [item.path.read_bytes() for item in inbox.items(data)] == [b"x"]


def test_every_address_of_a_page_is_one_of_the_desk(desk: DeskClient) -> None:
    for tab in ("inbox", "due", "review", "compile", "data", "run"):
        page = desk.get(f"/410300/2024/{tab}")
        for address in re.findall(r'(?:href|src|action|hx-get)="([^"]*)"', page):
            assert address.startswith(("/", "?", "#")), address


@pytest.mark.slow
def test_file_of_another_year_is_examined_again_in_its_year(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    desk.upload("410300", 2025, [write(tmp_path, "教育局.html", "洛阳市教育局")])
    desk.wait()
    assert statuses(data) == {"教育局.html": "returned"}
    desk.get(BASE)
    desk.wait()
    assert statuses(data) == {"教育局.html": "ready"}


def test_file_of_another_year_cannot_be_accepted(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    desk.upload("410300", 2025, [write(tmp_path, "教育局.html", "洛阳市教育局")])
    desk.wait()
    desk.post(f"/410300/2025/inbox/{key_of(data, '教育局.html')}/accept")
    assert read_lines(data.manifest) == []


def test_skipped_files_are_named(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    (tmp_path / "~$年报.docx").write_bytes(b"x")
    address = f"/upload?city=410300&year=2024&csrf={TOKEN}"
    page = desk.client.post(address, files=[("file", ("~$年报.docx", b"x")), ("file", (".DS_Store", b"x"))])
    assert "~$年报.docx、.DS_Store" in page.text
    assert inbox.items(data) == []


@pytest.mark.slow
def test_all_clean_files_are_accepted_at_once(desk: DeskClient, data: Data, tmp_path: Path) -> None:
    """The example has questions, so nothing is clean; a person must look."""
    desk.upload("410300", 2024, [write(tmp_path, "教育局.html", "洛阳市教育局")])
    desk.wait()
    desk.post(f"{BASE}/accept")
    assert read_lines(data.manifest) == []
    receipt = dict(inbox.read_receipt(data, key_of(data, "教育局.html")) or {})
    receipt["zh"] = {**receipt["zh"], "warnings": 0}
    inbox.write_receipt(data, key_of(data, "教育局.html"), receipt)
    desk.post(f"{BASE}/accept")
    assert [line["body"] for line in read_lines(data.manifest)] == ["洛阳市教育局"]


def test_fault_of_the_program_is_shown(desk: DeskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("pipeline.desk.worker.inbox_job.examine", broken)
    monkeypatch.setattr("threading.excepthook", lambda _: None)  # Python would print it
    desk.upload("410300", 2024, [write(tmp_path, "教育局.html", "洛阳市教育局")])
    desk.desk.worker._thread.join(timeout=60)
    assert "后台核对停止了" in desk.get(BASE)
