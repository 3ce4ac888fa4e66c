"""Nothing leaves the machine, and nothing is read or written but what was named."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from fuzz.packed import pack
from fuzz.watch import watched
from offline.sitecustomize import CODE
from support.project import ROOT, fresh, ogi_here, ogi_in

from pipeline.core.model import DataFault, Entry
from pipeline.core.paths import Data
from pipeline.job.inventory import read_inventory
from pipeline.publish.form.report_template import read_template
from pipeline.raw.manifest import MANIFEST_COLUMNS, read_lines
from pipeline.read import read, read_bytes
from pipeline.registry.load import load_register

COMMANDS: Sequence[Sequence[str]] = (
    ("run",),
    ("check", "data/raw/2019/411200.html", "--html", "checks"),
    ("site", "--out", "site"),
    ("compile", "--city", "411200", "--year", "2019", "--out", "forms"),
    ("query", "SELECT count(*) FROM cells"),
    ("export", "sdmx", "sdmx"),
    ("push", "store"),
    ("fetch", "data/raw", "--data", "fetched"),
)
LINE = {
    "body": "三门峡市人民政府", "region_code": "411200", "level": "city", "year": "2019", "provenance": "transcribed",
    "source": "公报", "sha256": "",
}  # fmt: skip


def test_no_command_uses_the_network(project: Path) -> None:
    """Any use is told by the audit; where a namespace without network can be made, libraries' own sockets fail too."""
    alone = ("unshare", "--map-root-user", "--net")
    can = shutil.which("unshare") and not subprocess.run([*alone, "true"], capture_output=True, check=False).returncode
    path = os.pathsep.join((str(ROOT / "tests" / "offline"), str(ROOT)))
    for command in COMMANDS:
        ended = ogi_in(project, *command, within=alone if can else (), PYTHONPATH=path)
        assert "network:" not in ended.stderr
        assert ended.returncode == 0, (command, ended.stderr)


def test_the_watch_over_the_network_sees_a_connection(tmp_path: Path) -> None:
    program = "import multiprocessing.dummy, socket; socket.create_connection(('127.0.0.1', 9))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "offline")}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=False)
    assert ended.returncode == CODE


def _project(folder: Path, path: str) -> Data:
    """A project whose manifest has one line, for that path."""
    data = Data(folder / "data")
    (data.raw / "2019").mkdir(parents=True)
    with data.manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, MANIFEST_COLUMNS)
        writer.writeheader()
        writer.writerow(LINE | {"path": path})
    (folder / "secret.html").write_text("<table>", encoding="utf-8")
    return data


def entries_of(data: Data) -> list[Entry]:
    partitions = read_inventory(data, load_register(data.raw), ()).values()
    return [e for partition in partitions for e in partition.entries]


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html", "2019/../../secret.html", "/etc/passwd", "C:/secret.html", "c:secret.html",
        "2019\\..\\x.html",
        "\\\\host\\share\\x.html", "2019/a\x1b[31m.html", "2019/\u202ex.html", "./2019/x.html", "2019//x.html", ".",
        "link.html", "folder/secret.html",
    ],
)  # fmt: skip
def test_a_path_out_of_the_folder_is_refused_unread(tmp_path: Path, path: str) -> None:
    data = _project(tmp_path, path)
    (data.raw / "link.html").symlink_to(tmp_path / "secret.html")
    (data.raw / "folder").symlink_to(tmp_path, target_is_directory=True)
    with watched(data.raw, data.scan_cache):
        (found,) = (e for e in entries_of(data) if e.fault and e.fault.code != "manifest.unlisted")
    assert found.fault is not None
    assert found.fault.code == "manifest.path"
    assert found.source.sha256 == ""


def test_a_link_that_leads_out_is_told_but_not_read(tmp_path: Path) -> None:
    data = _project(tmp_path, "2019/x.html")
    (data.raw / "stray.html").symlink_to(tmp_path / "secret.html")
    (data.raw / "round.html").symlink_to(data.raw / "round.html")
    with watched(data.raw, data.scan_cache):
        found = {e.source.report_id: (e.fault.code if e.fault else "", e.source.sha256) for e in entries_of(data)}
    assert found == {"2019/x.html": ("read.missing", ""), "stray.html": ("manifest.unlisted", "")}


def test_pipes_and_devices_do_not_hang_a_run(tmp_path: Path) -> None:
    data = _project(tmp_path, "2019/pipe.html")
    os.mkfifo(data.raw / "2019" / "pipe.html")
    (found,) = entries_of(data)
    assert found.fault is not None
    assert found.fault.code == "read.missing"
    for path in (data.raw / "2019" / "pipe.html", Path(os.devnull), Path("/dev/zero"), tmp_path):
        with pytest.raises(DataFault) as fault:
            read(path)
        assert fault.value.code == "read.no_file"


HOSTILE_NAMES = ("../../../x", "/tmp/x", "..\\..\\x", "C:\\x", "word/../../x", "\x1b]0;x\x07")


def test_members_of_archives_stay_in_them(tmp_path: Path) -> None:
    """Members lead out of the archive; one is a link. Nothing is written, and the document is read all the same."""
    table = "".join(f"<w:tr><w:tc><w:p><w:r><w:t>{i}</w:t></w:r></w:p></w:tc></w:tr>" for i in range(3))
    body = f"<w:document xmlns:w='w'><w:body><w:tbl>{table}</w:tbl></w:body></w:document>"
    flat = "".join(f"==> {name}\nout\n" for name in HOSTILE_NAMES) + f"==> word/document.xml\n{body}\n"
    path = tmp_path / "report.docx"
    path.write_bytes(pack(flat.encode()))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("word/media/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    read_bytes(path.read_bytes())  # what is imported first is not watched
    with watched():
        (grid,) = read_bytes(pack(flat.encode())).grids
    assert [c.text for c in grid.cells] == ["0", "1", "2"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["x.html\x1b[31m", "x.h t", "x.百", "x."])
def test_a_report_is_added_under_a_plain_name(tmp_path: Path, name: str) -> None:
    folder = fresh(tmp_path / "project")
    report = tmp_path / name
    report.write_bytes((ROOT / "data" / "raw" / "2024" / "320800.html").read_bytes().replace(b"2024", b"2022"))
    ended = ogi_here(folder, "add", str(report), "--source", "公报")
    assert ended.returncode == 0, ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
    added = [x["path"] for x in read_lines(folder / "data" / "raw" / "manifest.csv") if x["year"] == "2022"]
    assert added == ["2022/320800"]
    assert (folder / "data" / "raw" / added[0]).is_file()


def test_a_template_is_an_ordinary_file_of_words(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for path in (tmp_path / "pipe.md", Path("/dev/zero"), tmp_path):
        with pytest.raises(DataFault) as fault:
            read_template(path)
        assert fault.value.code == "compile.template_unreadable"
    (tmp_path / "words.md").write_text("{{7*7}} {% include '/etc/passwd' %} {city.__class__}", encoding="utf-8")
    with watched(tmp_path):
        assert read_template(tmp_path / "words.md").startswith("{{7*7}}")
