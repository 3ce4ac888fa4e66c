"""Test output that cannot be written (full disk, closed stream, reader that ended): no command prints a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FULL_DEVICE = Path("/dev/full")
COMMANDS = {
    "status": ("status",),
    "check": ("check", "data/raw/2019/411200.html", "--no-html"),
    "extract": ("extract", "data/raw/2019/411200.html"),
    "query": ("query", "headline"),
    "decide": ("decide",),
    "history": ("history",),
}


def ogi_to(folder: Path, redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `ogi` in a shell with a redirection of its output."""
    command = f'exec "$@" {redirection}'
    program = [sys.executable, "-m", "pipeline.cli", *arguments]
    return subprocess.run(
        ["sh", "-c", command, "sh", *program], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.skipif(not FULL_DEVICE.exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("name", COMMANDS)
def test_full_output_is_reported_without_traceback(built: Path, name: str) -> None:
    result = ogi_to(built, f"> {FULL_DEVICE}", *COMMANDS[name])
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    assert "磁盘已满" in result.stderr or "disk is full" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell redirection")
@pytest.mark.parametrize("name", COMMANDS)
def test_closed_output_is_reported_without_traceback(built: Path, name: str) -> None:
    result = ogi_to(built, ">&-", *COMMANDS[name])
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    assert "stdout is closed" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell redirection")
@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("--version",)])
@pytest.mark.parametrize("redirection", [">&-", f"> {FULL_DEVICE}"])
def test_help_without_output_has_no_traceback(built: Path, arguments: tuple[str, ...], redirection: str) -> None:
    assert "Traceback" not in ogi_to(built, redirection, *arguments).stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell redirection")
@pytest.mark.parametrize("redirection", [">&- 2>&-", f"> {FULL_DEVICE} 2>&1", "> /dev/null 2>&-"])
def test_run_without_any_output_keeps_its_exit_code(ready: Path, redirection: str) -> None:
    result = ogi_to(ready, redirection, "run")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell pipe")
def test_reader_that_ends_early_is_no_fault(built: Path) -> None:
    command = f'"{sys.executable}" -m pipeline.cli query "SELECT * FROM cells" --format csv; echo "code $?" >&2'
    result = subprocess.run(
        ["sh", "-c", f"({command}) | head -1"], cwd=built, capture_output=True, text=True, check=False, timeout=120
    )
    assert "code 0" in result.stderr
    assert "Traceback" not in result.stderr


def test_snapshot_of_an_earlier_version_is_reported_in_one_line(ready: Path) -> None:
    import duckdb

    database = (ready / "data" / "curated" / "current").resolve() / "ogi.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("DROP VIEW problems")
    result = ogi_to(ready, "2>&1", "status")
    assert result.returncode == 3
    assert "ogi run" in result.stdout
    assert "Traceback" not in result.stdout
