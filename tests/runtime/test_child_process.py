"""Test that a child process that hangs, crashes or uses too much memory is a fault, and that later calls work."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.project import ROOT

from pipeline.core.model import DataFault, ProjectFault
from pipeline.runtime.child_process import EXIT_SECONDS, Guard, call_by_name, kept_child


def double(number: int) -> int:
    return 2 * number


def hang() -> None:
    time.sleep(600)


def allocate_too_much() -> int:
    return len(bytearray(2**33))


def crash() -> None:
    os._exit(9)


def raise_data_fault() -> None:
    raise DataFault("read.empty", megabytes=3)


def raise_project_fault() -> None:
    raise ProjectFault("form.none", year=1066)


@pytest.mark.parametrize(
    ("function", "code"),
    [
        (hang, "read.timeout"),
        (allocate_too_much, "read.memory"),
        (crash, "read.crashed"),
        (raise_data_fault, "read.empty"),
    ],
)
def test_failed_call_is_a_fault_and_the_next_call_works(function: object, code: str) -> None:
    with Guard(timeout_seconds=2, memory_bytes=2**31) as guard:
        assert guard.call(double, 20) == 40
        with pytest.raises(DataFault) as fault:
            guard.call(function)  # type: ignore[arg-type]
        assert fault.value.code == code
        assert guard.call(double, 21) == 42


def test_faults_keep_their_values_and_their_type() -> None:
    with Guard() as guard:
        with pytest.raises(DataFault) as fault:
            guard.call(raise_data_fault)
        assert fault.value.values == {"megabytes": 3}
        with pytest.raises(ProjectFault, match="no form for 1066"):
            guard.call(raise_project_fault)


def test_result_of_a_preparation_is_not_the_result_of_a_call() -> None:
    with Guard(timeout_seconds=2) as guard:
        guard.prepare(call_by_name, __name__, "store_number", 7)
        guard.prepare(double, 1)
        assert guard.call(stored_numbers) == [7]
        assert guard.call(double, 21) == 42


_numbers: list[int] = []


def store_number(number: int) -> None:
    _numbers.append(number)


def stored_numbers() -> list[int]:
    return _numbers


@pytest.mark.parametrize("function", [hang, crash, raise_data_fault, raise_project_fault])
def test_failed_preparation_does_not_fail_the_next_call(function: Callable[[], None]) -> None:
    with Guard(timeout_seconds=2) as guard:
        guard.prepare(function)
        assert guard.call(double, 21) == 42


def test_call_after_an_interrupted_preparation_does_not_hang() -> None:
    """The child that replaces an interrupted one gets no preparation, so waiting for its result would never end."""
    with Guard(timeout_seconds=None) as guard:
        guard.prepare(hang)
        guard.interrupt()
        assert guard._process is not None
        guard._process.join()
        caller = threading.Thread(target=lambda: guard.call(double, 1), daemon=True)
        caller.start()
        caller.join(30)
        assert not caller.is_alive()


def test_close_does_not_wait_for_a_preparation() -> None:
    guard = Guard()
    guard.prepare(hang)
    start = time.monotonic()
    guard.close()
    assert time.monotonic() - start < EXIT_SECONDS


def write_pid_and_hang(path: str) -> None:
    """Write the process id to a file, then hang."""
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    hang()


def wait_for_text(path: Path) -> str:
    """Wait until a file has content; return it. Give up after a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (path.is_file() and path.read_text(encoding="utf-8")):
        time.sleep(0.05)
    return path.read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_child_ends_when_its_parent_is_killed_during_a_call(tmp_path: Path) -> None:
    program = (
        "import sys; from runtime import test_child_process as t; t.Guard().call(t.write_pid_and_hang, sys.argv[1])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "pid")], env=environment)
    status_file = Path("/proc", wait_for_text(tmp_path / "pid"), "stat")
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 30
    while status_file.exists() and status_file.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def double_in_a_child() -> int:
    with Guard() as guard:
        return guard.call(double, 21)


def test_daemonic_process_can_have_a_child() -> None:
    """The child of a guard is daemonic, and so is a Dask worker under its nanny."""
    with Guard() as guard:
        assert guard.call(double_in_a_child) == 42


@pytest.mark.parametrize("from_file", [True, False])
def test_the_script_of_a_caller_runs_once(tmp_path: Path, from_file: bool) -> None:
    """A script needs no `if __name__ == "__main__"`, and may come from standard input, as in a notebook."""
    text = "from pipeline.runtime.child_process import Guard\nwith Guard() as guard:\n    print(guard.call(abs, -3))\n"
    script = tmp_path / "script.py"
    script.write_text(text, encoding="utf-8")
    command = [sys.executable, str(script) if from_file else "-"]
    result = subprocess.run(
        command, input=text, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert (result.stdout, result.stderr) == ("3\n", "")


def where() -> tuple[int, str, str]:
    """Return a process, its folder and a variable of its environment."""
    return os.getpid(), str(Path.cwd()), os.environ.get("OGI_TEST", "")


def test_kept_child_is_lent_again_and_follows_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept_child() as child:
        first, _, _ = child.call(where)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OGI_TEST", "here")
    with kept_child() as child, kept_child() as other:
        assert child.call(where) == (first, str(tmp_path), "here")
        assert other.call(where)[0] != first


@pytest.mark.parametrize("end", [crash, hang])
def test_kept_child_that_ended_or_is_busy_is_not_lent_again(end: Callable[[], None]) -> None:
    def use() -> None:
        with kept_child() as child:
            child.prepare(end)
            raise DataFault("read.empty", megabytes=1)

    with pytest.raises(DataFault, match=r"read\.empty"):
        use()
    with kept_child() as child:
        assert child.call(double, 4) == 8


def test_kept_child_that_was_killed_is_replaced() -> None:
    with kept_child() as child:
        first, _, _ = child.call(where)
    (process,) = (process for process in multiprocessing.active_children() if process.pid == first)
    process.kill()
    process.join()
    with kept_child() as child:
        assert child.call(where)[0] != first


def test_child_follows_its_parent_without_being_lent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Guard() as guard:
        guard.call(double, 1)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("OGI_TEST", "there")
        guard.prepare(double, 2)
        assert guard.call(where)[1:] == (str(tmp_path), "there")
        (tmp_path / "gone").mkdir()
        monkeypatch.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        assert guard.call(where)[1] == str(tmp_path)  # this process has no folder to follow it to
