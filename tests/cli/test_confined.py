"""Test that no command uses the network, and that only the named files are read or written."""

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
from fuzz.side_effects import forbid_side_effects
from offline.sitecustomize import EXIT_CODE
from support.project import ROOT, fresh, ogi_here, ogi_in

from pipeline.core.model import DataFault, Entry
from pipeline.core.paths import Data
from pipeline.job.inventory import read_inventory
from pipeline.publish.form.report_template import read_template
from pipeline.raw.manifest import MANIFEST_COLUMNS, read_lines
from pipeline.read import read, read_bytes
from pipeline.registry.load import load_register

pytestmark = pytest.mark.slow

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
MANIFEST_LINE = {
    "body": "三门峡市人民政府", "region_code": "411200", "level": "city", "year": "2019", "provenance": "transcribed",
    "source": "公报", "sha256": "",
}  # fmt: skip


def test_no_command_uses_the_network(project: Path) -> None:
    """An audit hook reports any use. Without network (`unshare`), sockets that libraries open themselves fail too."""
    without_network = ("unshare", "--map-root-user", "--net")
    can_unshare = (
        shutil.which("unshare")
        and not subprocess.run([*without_network, "true"], capture_output=True, check=False).returncode
    )
    path = os.pathsep.join((str(ROOT / "tests" / "offline"), str(ROOT)))
    for command in COMMANDS:
        result = ogi_in(project, *command, within=without_network if can_unshare else (), PYTHONPATH=path)
        assert "network:" not in result.stderr
        assert result.returncode == 0, (command, result.stderr)


def test_audit_hook_detects_a_connection(tmp_path: Path) -> None:
    program = "import multiprocessing.dummy, socket; socket.create_connection(('127.0.0.1', 9))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "offline")}
    result = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=False)
    assert result.returncode == EXIT_CODE


def _create_data(folder: Path, path: str) -> Data:
    """Create a data folder whose manifest has one line, for `path`, and a file secret.html next to the folder."""
    data = Data(folder / "data")
    (data.raw / "2019").mkdir(parents=True)
    with data.manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, MANIFEST_COLUMNS)
        writer.writeheader()
        writer.writerow(MANIFEST_LINE | {"path": path})
    (folder / "secret.html").write_text("<table>", encoding="utf-8")
    return data


def read_entries(data: Data) -> list[Entry]:
    """Return the entries of the inventory of a data folder."""
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
def test_path_out_of_the_folder_is_refused_without_reading(tmp_path: Path, path: str) -> None:
    data = _create_data(tmp_path, path)
    (data.raw / "link.html").symlink_to(tmp_path / "secret.html")
    (data.raw / "folder").symlink_to(tmp_path, target_is_directory=True)
    with forbid_side_effects(data.raw, data.scan_cache):
        (entry,) = (e for e in read_entries(data) if e.fault and e.fault.code != "manifest.unlisted")
    assert entry.fault is not None
    assert entry.fault.code == "manifest.path"
    assert entry.source.sha256 == ""


def test_link_out_of_the_folder_is_reported_but_not_read(tmp_path: Path) -> None:
    data = _create_data(tmp_path, "2019/x.html")
    (data.raw / "stray.html").symlink_to(tmp_path / "secret.html")
    (data.raw / "round.html").symlink_to(data.raw / "round.html")
    with forbid_side_effects(data.raw, data.scan_cache):
        faults_and_hashes = {
            e.source.report_id: (e.fault.code if e.fault else "", e.source.sha256) for e in read_entries(data)
        }
    assert faults_and_hashes == {"2019/x.html": ("read.missing", ""), "stray.html": ("manifest.unlisted", "")}


def test_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    data = _create_data(tmp_path, "2019/pipe.html")
    os.mkfifo(data.raw / "2019" / "pipe.html")
    (entry,) = read_entries(data)
    assert entry.fault is not None
    assert entry.fault.code == "read.missing"
    for path in (data.raw / "2019" / "pipe.html", Path(os.devnull), Path("/dev/zero"), tmp_path):
        with pytest.raises(DataFault) as fault:
            read(path)
        assert fault.value.code == "read.no_file"


HOSTILE_NAMES = ("../../../x", "/tmp/x", "..\\..\\x", "C:\\x", "word/../../x", "\x1b]0;x\x07")


def test_reading_an_archive_writes_no_file(tmp_path: Path) -> None:
    """The names of members lead out of the archive, and one is a link. The document is read, and no file is written."""
    table = "".join(f"<w:tr><w:tc><w:p><w:r><w:t>{i}</w:t></w:r></w:p></w:tc></w:tr>" for i in range(3))
    body = f"<w:document xmlns:w='w'><w:body><w:tbl>{table}</w:tbl></w:body></w:document>"
    flat = "".join(f"==> {name}\nout\n" for name in HOSTILE_NAMES) + f"==> word/document.xml\n{body}\n"
    path = tmp_path / "report.docx"
    path.write_bytes(pack(flat.encode()))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("word/media/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    read_bytes(path.read_bytes())  # import the readers before the watch begins
    with forbid_side_effects():
        (grid,) = read_bytes(pack(flat.encode())).grids
    assert [c.text for c in grid.cells] == ["0", "1", "2"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["x.html\x1b[31m", "x.h t", "x.百", "x."])
def test_report_with_an_odd_suffix_is_added_under_a_plain_name(tmp_path: Path, name: str) -> None:
    folder = fresh(tmp_path / "project")
    report = tmp_path / name
    report.write_bytes((ROOT / "data" / "raw" / "2024" / "320800.html").read_bytes().replace(b"2024", b"2022"))
    result = ogi_here(folder, "add", str(report), "--source", "公报")
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout + result.stderr
    paths = [x["path"] for x in read_lines(folder / "data" / "raw" / "manifest.csv") if x["year"] == "2022"]
    assert paths == ["2022/320800"]
    assert (folder / "data" / "raw" / paths[0]).is_file()


def test_template_is_a_regular_file_and_plain_text(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for path in (tmp_path / "pipe.md", Path("/dev/zero"), tmp_path):
        with pytest.raises(DataFault) as fault:
            read_template(path)
        assert fault.value.code == "compile.template_unreadable"
    (tmp_path / "words.md").write_text("{{7*7}} {% include '/etc/passwd' %} {city.__class__}", encoding="utf-8")
    with forbid_side_effects(tmp_path):
        assert read_template(tmp_path / "words.md").startswith("{{7*7}}")
