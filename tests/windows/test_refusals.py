"""Run ogi where the system refuses what Windows refuses to a user without rights; see `sitecustomize`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.project import ROOT, fresh, ogi_in, replace_in_report, snapshot_contents

from pipeline.core.paths import Data
from pipeline.storage import snapshot

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="emulates Windows with /proc")]
CHANGE = ("2023/321300.html", "</h1>", "</h1><p>more</p>")


def ogi(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `ogi` as on Windows: refusals, and a console that is not UTF-8."""
    paths = os.pathsep.join((str(Path(__file__).parent), str(ROOT)))
    environment = os.environ | {"PYTHONPATH": paths, "PYTHONIOENCODING": "gbk:strict"}
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was run as on Windows. Tests must copy it."""
    project = fresh(tmp_path_factory.mktemp("windows"))
    result = ogi(project, "run")
    assert result.returncode == 0, result.stderr
    assert "current.txt" in result.stderr
    return project


@pytest.fixture
def windows(published: Path, tmp_path: Path) -> Path:
    """Return a copy of the published project, which the test may change."""
    shutil.copytree(published, tmp_path / "windows", symlinks=True)
    return tmp_path / "windows"


def test_emulation_refuses_what_windows_refuses(tmp_path: Path) -> None:
    code = """
import os, pathlib
def refused(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return getattr(error, "winerror", error.errno)
a, b = pathlib.Path("a"), pathlib.Path("b")
a.write_text("a"); b.mkdir(); c = pathlib.Path("c"); c.write_text("c")
reader = c.open()
os.mkdir("d"); inner = open("d/x", "w")
print([refused(os.symlink, a, "x"), refused(os.replace, a, b), refused(os.replace, a, c), refused(os.rename, "d", "e"),
    refused(os.unlink, c), refused(os.fsync, os.open(a, os.O_RDONLY)), refused(os.open, b, os.O_RDONLY),
    hasattr(os, "killpg")])
"""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(result.stdout.replace("False", "false")) == [1314, 5, 5, 32, 32, 9, 13, False]


def test_snapshot_is_published_without_links_and_has_the_same_bytes(windows: Path, built: Path) -> None:
    data = Data(windows / "data")
    assert not data.current_link.exists()
    record = snapshot.published(data)
    assert record
    assert data.current == data.versions / record.id
    expected = snapshot_contents(Data(built / "data").current)
    assert snapshot_contents(data.current).keys() == expected.keys()
    assert ogi(windows, "validate").returncode == 0


def test_commands_read_what_the_pointer_names(windows: Path) -> None:
    assert ogi(windows, "run").returncode == 0  # nothing to do
    status = ogi(windows, "status", "--lang", "zh")
    assert "62 份报告" in status.stdout
    answer = ogi(windows, "query", "SELECT count(*) AS n FROM reports", "--format", "csv")
    assert answer.stdout.split() == ["n", "62"]
    for _ in range(2):  # the second replaces the folder of the first
        assert ogi(windows, "site").returncode == 0
    assert (
        ogi(windows, "compile", "--city", "411200", "--year", "2019", "--format", "html", "--out", "out").returncode < 2
    )


def test_change_and_rollback_switch_the_pointer(windows: Path) -> None:
    data = Data(windows / "data")
    first = data.current.name
    replace_in_report(windows, *CHANGE)
    assert ogi(windows, "run").returncode == 1
    second = data.current.name
    assert second != first
    assert data.current_pointer.read_text(encoding="ascii") == f"{second}\n"
    assert ogi(windows, "rollback").returncode == 0
    assert data.current.name == first


def test_data_of_windows_gets_a_link_on_linux(windows: Path) -> None:
    data = Data(windows / "data")
    first = data.current.name
    replace_in_report(windows, *CHANGE)
    assert ogi(windows, "run").returncode == 1
    assert ogi(windows, "rollback").returncode == 0
    assert ogi_in(windows, "run").returncode < 2
    assert data.current_link.is_symlink()
    assert not data.current_pointer.exists()
    assert data.current.resolve().name == first  # the current input is held back


def test_a_link_that_an_archive_made_a_file_is_followed(windows: Path) -> None:
    assert ogi_in(windows, "run").returncode == 0
    data = Data(windows / "data")
    target = str(data.current_link.readlink())
    data.current_link.unlink()
    data.current_link.write_text(target, encoding="utf-8")
    status = ogi(windows, "status", "--lang", "zh")
    assert status.returncode < 2
    assert "是复制来的文件夹或文件" in status.stderr
    assert ogi(windows, "run").returncode < 2
    assert data.current_pointer.is_file()
    assert not data.current_link.exists()
