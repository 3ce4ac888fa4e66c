"""The batch job: its ledger, revisions of reports, rollback, two runs at once, a full disk, the shipped units."""

from __future__ import annotations

import configparser
import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from filelock import FileLock
from support.project import ROOT, ogi_here, ogi_in, run_here

from pipeline.cli.main import ogi
from pipeline.core.paths import Data
from pipeline.job import ledger
from pipeline.storage import snapshot

CITY = "2019/411200.html"
# Python would write its byte code cut short where files may not grow.
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "data" / "raw" / CITY
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def data(ready: Path) -> Data:
    shutil.rmtree(ready / "data" / "ledger", ignore_errors=True)
    return Data(ready / "data")


def test_the_ledger_tells_what_each_run_did(ready: Path, data: Data) -> None:
    first = snapshot.published(data)
    assert run_here(ready) == 0
    change(ready, "<td>251</td><td>8</td>", "<td>252</td><td>8</td>")
    assert run_here(ready) == 1
    second = snapshot.published(data)
    assert first
    assert second
    nothing, published = ledger.read_runs(data)
    assert (nothing["outcome"], nothing["exit_code"], nothing["snapshot"]) == ("unchanged", 0, first.id)
    assert nothing["stages"] == []
    assert (published["outcome"], published["exit_code"], published["previous"]) == ("published", 1, first.id)
    assert (published["snapshot"], published["read"], published["kept"]) == (second.id, 1, 59)
    assert (published["loaded"], published["errors"]) == (60, second.summary["errors"])
    assert {stage for stage, _ in published["stages"]} == {"extract", "rollup", "validate", "publish"}
    assert published["seconds"] >= sum(seconds for _, seconds in published["stages"]) > 0


@pytest.mark.parametrize("name", ["runs", "revisions"])
def test_a_damaged_ledger_is_told_and_another_begun(ready: Path, data: Data, name: str) -> None:
    data.ledger.mkdir(exist_ok=True)
    (data.ledger / f"{name}.parquet").write_bytes(b"PAR1")
    told = ogi_here(ready, "history", "--lang", "zh")
    assert told.returncode == 3
    assert f"{name}.parquet" in told.stderr
    assert "移到别处" in told.stderr
    (data.ledger / f"{name}.parquet").unlink()
    assert ogi_here(ready, "history").returncode == 0


def test_a_changed_report_is_kept_as_a_revision(ready: Path, data: Data, tmp_path: Path) -> None:
    old = (data.raw / CITY).read_bytes()
    new = tmp_path / "new.html"
    new.write_bytes(old.replace(b"<td>251</td><td>8</td>", b"<td>252</td><td>7</td>"))
    added = ogi_here(ready, "add", str(new), "--source", "更正", "--replace")
    assert added.returncode == 0, added.stderr
    (aside,) = (data.replaced / "2019").iterdir()
    assert aside.read_bytes() == old
    assert hashlib.sha256(old).hexdigest()[:12] in aside.name
    assert run_here(ready) == 1
    found = {
        (r["report_id"], r["change"], r["cell"]): (r["old_text"], r["new_text"]) for r in ledger.read_revisions(data)
    }
    assert found == {
        (CITY, "changed", "applications/new/natural_person"): ("251", "252"),
        (CITY, "changed", "applications/new/business"): ("8", "7"),
    }
    told = ogi_here(ready, "history", CITY).stdout
    assert f"{CITY} applications/new/natural_person：251 → 252" in told


def test_rollback_holds_until_something_changes(ready: Path, data: Data) -> None:
    first = snapshot.published(data)
    change(ready, "<td>251</td><td>8</td>", "<td>252</td><td>8</td>")
    assert run_here(ready) == 1
    assert first
    assert ogi_here(ready, "rollback", "nothing").returncode == 2
    back = ogi_here(ready, "rollback")
    assert back.returncode == 0
    assert first.id in back.stdout
    assert data.current.resolve().name == first.id
    again = ogi_in(ready, "run", "--quiet")
    assert again.returncode == 0
    assert "已退回到" in again.stdout
    assert data.current.resolve().name == first.id
    assert ledger.read_runs(data)[-1]["outcome"] == "held"
    change(ready, "<td>252</td><td>8</td>", "<td>253</td><td>8</td>")
    assert run_here(ready) == 1
    assert data.current.resolve().name != first.id
    assert snapshot.held_back(data) is None
    told = ogi_here(ready, "history", "--lang", "en").stdout
    assert "rolled back" in told
    assert "(published)" in told


def test_so_many_snapshots_are_kept_and_never_is_the_published_one_swept(ready: Path, data: Data) -> None:
    first = data.current.resolve().name
    for number in range(2):
        change(ready, f"<td>25{1 + number}</td><td>8</td>", f"<td>25{2 + number}</td><td>8</td>")
        before = data.current.resolve().name
        assert ogi_in(ready, "run", "--quiet", "--keep", "1").returncode == 1
        # The published one and, until the next run sweeps it, the one before, which somebody may still be reading.
        assert {r.id for r in snapshot.kept(data)} == {before, data.current.resolve().name}
    assert first not in {r.id for r in snapshot.kept(data)}


def test_of_two_runs_at_once_one_says_so_or_waits(ready: Path, data: Data) -> None:
    with FileLock(data.lock):
        refused = ogi_in(ready, "run", "--quiet")
        assert refused.returncode == 3
        assert "另一个 ogi run 正在运行" in refused.stderr
        assert ledger.read_runs(data) == []
        waiting = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run", "--quiet", "--wait", "60"],
            cwd=ready, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=3)
    assert waiting.wait(timeout=60) == 0
    assert [r["outcome"] for r in ledger.read_runs(data)] == ["unchanged"]


def test_a_disk_that_fills_up_leaves_the_old_snapshot_and_says_so(ready: Path, data: Data) -> None:
    """No file may grow beyond 20 kB: writing fails in the middle of the new snapshot."""
    before = data.current.resolve().name
    change(ready, "<td>251</td><td>8</td>", "<td>252</td><td>8</td>")
    result = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "run", "--quiet"],
        cwd=ready, env=ENVIRONMENT, capture_output=True, text=True, timeout=120,
        check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert result.returncode == 3, result.stderr
    assert "写入失败，没有发布，原有数据保持不变" in result.stderr
    assert data.current.resolve().name == before
    assert snapshot.published(data)
    assert run_here(ready) == 1
    assert data.current.resolve().name != before


def commands(text: str) -> list[list[str]]:
    return [m.split() for m in re.findall(r"\.venv/bin/ogi ([\w .-]+?)(?: >>|\n|$)", text)]


def test_the_shipped_units_name_commands_that_exist() -> None:
    folder = ROOT / "deploy"
    service, timer = (configparser.ConfigParser(strict=False, interpolation=None) for _ in range(2))
    service.optionxform = timer.optionxform = str  # type: ignore[assignment,method-assign]
    service.read(folder / "ogi.service", encoding="utf-8")
    timer.read(folder / "ogi.timer", encoding="utf-8")
    assert timer["Timer"]["Unit"] == "ogi.service"
    assert service["Service"]["SuccessExitStatus"] == "1"
    for name in ("ogi.service", "ogi.cron"):
        (arguments,) = commands((folder / name).read_text(encoding="utf-8"))
        command = ogi.get_command(click.Context(ogi), arguments[0])
        assert command is not None
        known = {o for p in command.params for o in p.opts}
        assert {a for a in arguments if a.startswith("--")} <= known


@pytest.mark.skipif(sys.platform == "win32", reason="cron runs a shell command")
def test_cron_line_runs_in_a_project_that_was_never_run(project: Path) -> None:
    line = (ROOT / "deploy" / "ogi.cron").read_text(encoding="utf-8").splitlines()[-1]
    command = line.split(maxsplit=5)[5]
    program = project / ".venv" / "bin" / "ogi"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m pipeline.cli "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    result = subprocess.run(["sh", "-c", command], env=os.environ | {"OGI": str(project)}, check=False, timeout=300)
    assert result.returncode == 0
    lines = (project / "data" / "ogi.log").read_text(encoding="utf-8").splitlines()
    events = [json.loads(text) for text in lines if text.startswith("{")]
    assert events[-1]["stage"] == "end"


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    for name in ("ogi.service", "ogi.timer"):
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/srv/ogi/.venv/bin/ogi", "/bin/true"), encoding="utf-8")
    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "ogi.service"), str(tmp_path / "ogi.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def test_a_log_line_is_json(ready: Path) -> None:
    result = ogi_in(ready, "run", "--quiet")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert lines[-1]["stage"] == "end"
    assert lines[-1]["exit_code"] == result.returncode == 0
