"""Kill the process that replaces a report at each of its steps: nothing is lost, and the next call completes it."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.core.paths import Data
from pipeline.raw.add import NewReport, add_report, find_registered
from pipeline.raw.manifest import read_lines
from pipeline.raw.start import start_folder
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
]
BODY, YEAR = "洛阳市教育局", 2024
OLD, NEW = b"the first report", b"the corrected report"
# The step is run, or not, and then the process is killed.
MOMENTS = [
    (step, is_run) for step in ("keep_replaced", "_copy", "update_manifest", "_other_files") for is_run in (0, 1)
]
KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.core.paths import Data
from pipeline.raw import add
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body
root, file, step, is_run = sys.argv[1:]
original, data = getattr(add, step), Data(Path(root))
def killed(*arguments):
    if is_run == "1":
        original(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(add, step, killed)
body = find_body(load_register(data.raw), "洛阳市教育局")
replaces = add.find_registered(data, body, 2024)["path"]
add.add_report(data, add.NewReport(Path(file), body, 2024, "", replaces=replaces))
"""


@pytest.mark.parametrize("suffix", [".txt", ".docx"], ids=["same path", "other path"])
@pytest.mark.parametrize(("step", "is_run"), MOMENTS)
def test_replacement_that_is_killed_is_completed_later(tmp_path: Path, step: str, is_run: int, suffix: str) -> None:
    data, new = Data(tmp_path / "data"), tmp_path / f"new{suffix}"
    start_folder(data, "洛阳市", [BODY])
    (tmp_path / "old.txt").write_bytes(OLD)
    new.write_bytes(NEW)
    body = find_body(load_register(data.raw), BODY)
    assert body
    add_report(data, NewReport(tmp_path / "old.txt", body, YEAR, ""))
    command = [sys.executable, "-c", KILLED, str(data.root), str(new), step, str(is_run)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    registered = find_registered(data, body, YEAR)["path"]
    assert OLD in contents(data)
    assert (data.raw / registered).read_bytes() in (OLD, NEW)
    add_report(data, NewReport(new, body, YEAR, "", replaces=registered))
    (line,) = read_lines(data.manifest)
    assert line["sha256"] == hashlib.sha256(NEW).hexdigest()
    assert [path.read_bytes() for path in (data.raw / str(YEAR)).iterdir()] == [NEW]
    assert [path.read_bytes() for path in data.replaced.rglob("*.txt")] == [OLD]


def contents(data: Data) -> list[bytes]:
    """Return the contents of all files below the reports and the replaced ones."""
    folders = (data.raw / str(YEAR), data.replaced)
    return [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
