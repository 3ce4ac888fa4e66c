"""What a hostile file may do to its reader, and that the batch goes on."""

from __future__ import annotations

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
from pipeline.runtime.child_process import EXIT_SECONDS, Guard, call_by_name


def double(number: int) -> int:
    return 2 * number


def hang() -> None:
    time.sleep(600)


def devour() -> int:
    return len(bytearray(2**33))


def die() -> None:
    os._exit(9)


def refuse() -> None:
    raise DataFault("read.empty", megabytes=3)


def fail() -> None:
    raise ProjectFault("a form is wrong")


@pytest.mark.parametrize(
    ("function", "code"),
    [(hang, "read.timeout"), (devour, "read.memory"), (die, "read.crashed"), (refuse, "read.empty")],
)
def test_a_bad_call_is_a_fault_and_the_next_call_works(function: object, code: str) -> None:
    with Guard(timeout_seconds=2, memory_bytes=2**31) as guard:
        assert guard.call(double, 20) == 40
        with pytest.raises(DataFault) as fault:
            guard.call(function)  # type: ignore[arg-type]
        assert fault.value.code == code
        assert guard.call(double, 21) == 42


def test_a_fault_keeps_its_values_and_a_fault_of_the_program_stays_one() -> None:
    with Guard() as guard:
        with pytest.raises(DataFault) as fault:
            guard.call(refuse)
        assert fault.value.values == {"megabytes": 3}
        with pytest.raises(ProjectFault, match="a form is wrong"):
            guard.call(fail)


def test_what_was_prepared_answers_no_call() -> None:
    with Guard(timeout_seconds=2) as guard:
        guard.prepare(call_by_name, __name__, "remember", 7)
        guard.prepare(double, 1)
        assert guard.call(remembered) == [7]
        assert guard.call(double, 21) == 42


_memory: list[int] = []


def remember(number: int) -> None:
    _memory.append(number)


def remembered() -> list[int]:
    return _memory


@pytest.mark.parametrize("function", [hang, die, refuse, fail])
def test_what_fails_to_be_prepared_fails_no_call(function: Callable[[], None]) -> None:
    with Guard(timeout_seconds=2) as guard:
        guard.prepare(function)
        assert guard.call(double, 21) == 42


def test_a_child_that_is_interrupted_while_it_prepares_is_not_asked_again() -> None:
    """Another in its place was asked nothing, and would be waited for without end."""
    with Guard(timeout_seconds=None) as guard:
        guard.prepare(hang)
        guard.interrupt()
        assert guard._process is not None
        guard._process.join()
        asked = threading.Thread(target=lambda: guard.call(double, 1), daemon=True)
        asked.start()
        asked.join(30)
        assert not asked.is_alive()


def test_a_child_that_still_prepares_is_not_waited_for() -> None:
    guard = Guard()
    guard.prepare(hang)
    begun = time.monotonic()
    guard.close()
    assert time.monotonic() - begun < EXIT_SECONDS


def hang_here(path: str) -> None:
    Path(path).write_text(str(os.getpid()), encoding="utf-8")
    hang()


def awaited(done: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (done.is_file() and done.read_text(encoding="utf-8")):
        time.sleep(0.05)
    return done.read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_child_ends_with_its_parent_in_the_midst_of_a_call(tmp_path: Path) -> None:
    program = "import sys; from runtime import test_child_process as t; t.Guard().call(t.hang_here, sys.argv[1])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "pid")], env=environment)
    told = Path("/proc", awaited(tmp_path / "pid"), "stat")
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 30
    while told.exists() and told.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def double_in_a_child() -> int:
    with Guard() as guard:
        return guard.call(double, 21)


def test_a_daemonic_process_may_have_a_child() -> None:
    """The child of a guard is one; so is a worker of Dask under its nanny."""
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
