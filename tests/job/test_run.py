"""Run the job as its users do: change the input, and look at the exit code, the messages and the published data."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from support.project import (
    ROOT,
    copy_program,
    current_snapshot,
    ogi_here,
    ogi_in,
    replace_in_report,
    run_here,
    snapshot_contents,
)

from pipeline.core.paths import Data
from pipeline.job import ledger
from pipeline.storage import snapshot

pytestmark = pytest.mark.slow

CITY = "2019/411200.html"
MAX_FILE_BYTES = 20_000
# Python would write truncated byte code where the size of files is limited.
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def data(ready: Path) -> Data:
    """Return the data folder of the published project."""
    return Data(ready / "data")


def change_new_applications(project: Path, old: int, new: int) -> None:
    """Change the first cell of the new applications in the city's report of 2019."""
    replace_in_report(project, CITY, f"<td>{old}</td><td>8</td>", f"<td>{new}</td><td>8</td>")


def test_headline_of_the_shipped_data(built: Path) -> None:
    headline = ogi_here(built, "query", "headline", "-p", "body=411200", "-p", "year=2019")
    assert headline.returncode == 0
    lines = {line.split()[2]: line.split() for line in headline.stdout.splitlines() if line.strip().startswith("2019")}
    assert lines["主动公开政府信息数"][3:] == [
        "条", "129,790", "模拟", "simulated", "79.0", "28", "28", "129,790", "转录", "transcribed", "79.0", "0",
        "0", "0",
    ]  # fmt: skip
    figures = {
        "本年新收申请": "265",
        "上年结转申请": "2",
        "本年办理总计": "267",
        "行政复议：总计": "50",
        "行政诉讼：总计": "26",
    }
    for label, figure in figures.items():
        assert lines[label][4:7] == [figure, "模拟", "simulated"]
        assert lines[label][-6:] == [figure, "转录", "transcribed", "0", "0", "0"]


def test_same_input_gives_the_same_bytes_anywhere(built: Path, project: Path) -> None:
    other_folder = project / "another place 另一处"
    other_folder.mkdir()
    (project / "data").rename(other_folder / "data")
    result = ogi_in(other_folder, "run", LANG="en_US.UTF-8", TZ="Asia/Shanghai", PYTHONHASHSEED="7", OGI_WORKERS="2")
    assert result.returncode == 0
    assert current_snapshot(other_folder).name == current_snapshot(built).name
    assert snapshot_contents(current_snapshot(other_folder)) == snapshot_contents(current_snapshot(built))


def test_second_run_changes_no_file_and_logs_one_json_line(ready: Path) -> None:
    def modification_times() -> dict[Path, int]:
        """Return the times of all files in the data folder, except those that every run writes."""
        paths = (
            p for p in (ready / "data").rglob("*") if p.name not in (".lock", ".scan_cache") and "ledger" not in p.parts
        )
        return {p: p.stat().st_mtime_ns for p in paths}

    before = modification_times()
    result = ogi_here(ready, "run")
    assert result.returncode == 0
    assert "没有变化" in result.stdout
    assert modification_times() == before
    (event,) = [json.loads(line) for line in result.stderr.splitlines()]
    assert (event["stage"], event["exit_code"]) == ("end", 0)


def test_only_changed_reports_are_read_and_the_result_equals_a_full_run(
    ready: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The growth of 2019 also depends on 2018, although no report of 2019 changes in the second run."""
    first_change = (CITY, "<td>251</td><td>8</td>", "<td>251</td><td>80</td>")
    agriculture = "2018/411200-agriculture.txt"
    second_changes = [(agriculture, f"{words}1384", f"{words}1385") for words in ("公开政府信息", "计1条）\t条\t")]
    replace_in_report(ready, *first_change)
    assert run_here(ready) == 1
    before = {p.name for p in (current_snapshot(ready) / "growth").glob("2019-*")}
    for change in second_changes:
        replace_in_report(ready, *change)
    assert run_here(ready) == 1
    assert {p.name for p in (current_snapshot(ready) / "growth").glob("2019-*")} != before
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(x["count"], x["kept"]) for x in events if x["stage"] == "extract"] == [(1, 61)] * 2
    for change in (first_change, *second_changes):
        replace_in_report(project, *change)
    assert run_here(project) == 1
    assert snapshot_contents(current_snapshot(ready)) == snapshot_contents(current_snapshot(project))


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("labels.csv", "2091,applications,row,new,新收", "2091"),
        ("labels.csv", "2019,applications,rows,new,新收", "rows"),
        ("labels.csv", "2019,applications,row,nwe,新收", "nwe"),  # codespell:ignore nwe
        ("phrases.csv", "disclosed.itmes,whole,公开{n}条,,公开1条,1", "disclosed.itmes"),  # codespell:ignore itmes
        ("crosswalk.csv", "2019,applications,nwe,*,applications.new,1,equal,", "nwe"),  # codespell:ignore nwe
        (
            "crosswalk.csv",
            "2019,applications,new,*,applications.nwe,1,equal,",  # codespell:ignore nwe
            "applications.nwe",  # codespell:ignore nwe
        ),
        ("crosswalk.csv", "2019,applications,new,*,applications.new,equal,", "“equal”不是整数"),  # a column is missing
        (
            "crosswalk.csv",
            "2019,applications,new,*,applications.new,3,equal,",
            "指标 applications.new 在表式 2019 的序列 3",
        ),
    ],
)
def test_misspelt_reference_line_stops_the_run(ready: Path, tmp_path: Path, file: str, line: str, message: str) -> None:
    program = copy_program(tmp_path / "program")
    with (program / "pipeline" / "reference" / file).open("a", encoding="utf-8") as reference:
        reference.write(line + "\n")
    name = current_snapshot(ready).name
    result = ogi_in(ready, "run", root=program)
    assert result.returncode == 3
    assert message in result.stderr
    assert current_snapshot(ready).name == name


def test_run_without_a_readable_report_keeps_the_published_snapshot(
    ready: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = current_snapshot(ready).name
    for file in (ready / "data" / "raw").rglob("*"):
        if file.is_file() and file.name != "manifest.csv":
            file.write_bytes(b"")
    assert run_here(ready) == 3
    assert "没有一份报告" in capsys.readouterr().err
    assert current_snapshot(ready).name == name


def test_missing_manifest_is_reported(tmp_path: Path) -> None:
    assert ogi_here(tmp_path, "run").returncode == 2
    (tmp_path / "data" / "raw").mkdir(parents=True)
    result = ogi_here(tmp_path, "run")
    assert result.returncode == 3
    assert "manifest.csv" in result.stderr
    assert "Traceback" not in result.stderr


def test_rollback_holds_until_the_input_changes(ready: Path, data: Data, capsys: pytest.CaptureFixture[str]) -> None:
    first = snapshot.published(data)
    assert first
    change_new_applications(ready, 251, 252)
    assert run_here(ready) == 1
    assert ogi_here(ready, "rollback", "nothing").returncode == 2
    rollback = ogi_here(ready, "rollback")
    assert rollback.returncode == 0
    assert first.id in rollback.stdout
    assert data.current.resolve().name == first.id
    capsys.readouterr()
    assert run_here(ready) == 0
    assert "已退回到" in capsys.readouterr().out
    assert data.current.resolve().name == first.id
    assert ledger.read_runs(data)[-1]["outcome"] == "held"
    change_new_applications(ready, 252, 253)
    assert run_here(ready) == 1
    assert data.current.resolve().name != first.id
    assert snapshot.held_back(data) is None
    history = ogi_here(ready, "history", "--lang", "en").stdout
    assert "rolled back" in history
    assert "(published)" in history


def test_second_of_two_simultaneous_runs_is_refused_or_waits(ready: Path, data: Data) -> None:
    runs_before = len(ledger.read_runs(data))
    with FileLock(data.lock):
        refused = ogi_here(ready, "run", "--quiet")
        assert refused.returncode == 3
        assert "另一个 ogi run 正在运行" in refused.stderr
        assert len(ledger.read_runs(data)) == runs_before
        waiting = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run", "--quiet", "--wait", "60"],
            cwd=ready, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=3)
    assert waiting.wait(timeout=60) == 0
    assert [run["outcome"] for run in ledger.read_runs(data)][runs_before:] == ["unchanged"]


def test_full_disk_keeps_the_published_snapshot_and_is_reported(ready: Path, data: Data) -> None:
    """The size of files is limited, so that writing fails in the middle of the new snapshot."""
    before = data.current.resolve().name
    change_new_applications(ready, 251, 252)
    result = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "run", "--quiet"],
        cwd=ready, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES)),
    )  # fmt: skip
    assert result.returncode == 3, result.stderr
    assert "写入失败，没有发布，原有数据保持不变" in result.stderr
    assert data.current.resolve().name == before
    assert snapshot.published(data)
    assert run_here(ready) == 1
    assert data.current.resolve().name != before
