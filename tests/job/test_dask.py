"""Reports read by the workers of a real cluster: the same bytes as here, whatever happens to a worker."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.project import ROOT, fresh, ogi_in

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.job import batches, dask
from pipeline.job.plan import Outcome, RunOptions
from pipeline.job.run import run
from pipeline.runtime.child_process import report_position
from pipeline.storage import snapshot
from pipeline.storage.load import Tables

distributed = pytest.importorskip("distributed", reason="needs the extra `many`")

HOSTILE = b"<!-- ends whoever reads it -->"
SECONDS = 60


class Silent:
    """Progress that tells nobody but `told`, after each batch."""

    def __init__(self, told: Callable[[], object] = lambda: None) -> None:
        self.told = told

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        yield

    @contextmanager
    def reading(self, count: int) -> Iterator[Callable[[int], None]]:
        def tell(_done: int) -> None:
            self.told()

        yield tell


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    """Two worker processes with a nanny each, which starts another for one that dies."""
    with started() as made:
        yield made


@contextmanager
def started() -> Iterator[Any]:
    options = {"host": "127.0.0.1", "dashboard_address": None, "worker_dashboard_address": None}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, silence_logs=50, **options) as made:
        yield made


def published(project: Path, address: str | None, told: Callable[[], object] = lambda: None) -> Outcome:
    options = RunOptions(workers=2, scheduler=address)
    return run(Data(project / "data"), options, Silent(told))


def files(project: Path) -> dict[str, str]:
    return snapshot.file_hashes(Data(project / "data").current.resolve(), {})


def pids(address: str) -> list[int]:
    with distributed.Client(address, set_as_default=False) as client:
        return sorted(client.run(os.getpid).values())


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files of a run on this machine alone."""
    project = fresh(tmp_path_factory.mktemp("here") / "project")
    assert published(project, None).exit_code == 0
    return files(project)


def test_the_command_makes_the_same_bytes_on_a_cluster(local: Any, project: Path, expected: dict[str, str]) -> None:
    ended = ogi_in(project, "run", "--quiet", "--scheduler", local.scheduler_address)
    assert ended.returncode == 0, ended.stderr
    assert '"stage": "extract", "count": 60' in ended.stderr
    assert files(project) == expected


def test_what_the_folder_adds_to_the_register_goes_with_the_reports(local: Any, project: Path) -> None:
    raw = project / "data" / "raw"
    body = "411200-river,三门峡市河务局,河务局,department,411200,411200,2018,\n"
    columns = "body_id,name,aliases,level,region_code,parent,first_year,last_year\n"
    (raw / "bodies.csv").write_text(columns + body, encoding="utf-8")
    page = (
        (raw / "2019" / "411200-water.html").read_text(encoding="gb18030").replace("三门峡市水利局", "三门峡市河务局")
    )
    (raw / "2019" / "river.html").write_text(page, encoding="gb18030")
    line = "2019/river.html,三门峡市河务局,411200,department,2019,simulated,某网站,\n"
    with (raw / "manifest.csv").open("a", encoding="utf-8") as file:
        file.write(line)
    outcome = published(project, local.scheduler_address)
    assert outcome.record is not None
    assert outcome.record.summary["quarantined"] == 0


def test_a_worker_killed_in_the_middle_changes_nothing(
    project: Path, expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_REPORTS", 2)
    with started() as made:
        victims = pids(made.scheduler_address)
        killed: list[int] = []

        def kill() -> None:
            if len(killed) < len(victims):
                os.kill(victims[len(killed)], signal.SIGKILL)
                killed.append(victims[len(killed)])

        assert published(project, made.scheduler_address, kill).exit_code == 0
        assert killed == victims
        assert not set(pids(made.scheduler_address)) & set(victims)
    assert files(project) == expected


def test_a_hostile_report_costs_only_itself(project: Path) -> None:
    """It ends every child that gets to it; the children of workers, which have another `read_here` here."""
    page = project / "data" / "raw" / "2019" / "411200-water.html"
    page.write_bytes(page.read_bytes() + HOSTILE)
    with started() as made:
        with distributed.Client(made.scheduler_address, set_as_default=False) as client:
            client.run(_arm)
        outcome = published(project, made.scheduler_address)
    assert outcome.record is not None
    assert (outcome.exit_code, outcome.record.summary["quarantined"]) == (1, 1)
    assert outcome.record.summary["loaded"] == 59


def _arm() -> None:
    batches.read_here = read_or_die


def read_or_die(batch: batches.Batch) -> Tables:
    contents = batch.contents
    for number, content in enumerate(contents):
        report_position(number)
        if content.endswith(HOSTILE) and batch.entries[number].fault is None:
            os._exit(9)
    return _read_here(batch)


_read_here = batches.read_here


def test_workers_of_another_program_are_refused(local: Any, project: Path, tmp_path: Path) -> None:
    """The command is run from a program with one more spelling than the workers know."""
    other = tmp_path / "other"
    for name in ("pipeline", "sql", "expectations"):
        shutil.copytree(ROOT / name, other / name)
    with (other / "pipeline" / "reference" / "labels.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    ended = ogi_in(project, "run", "--scheduler", local.scheduler_address, "--lang", "en", root=other)
    assert ended.returncode == 3
    assert "run another program" in ended.stderr
    assert "(code)" in ended.stderr
    assert snapshot.published(Data(project / "data")) is None


def test_what_ends_worker_after_worker_ends_the_run() -> None:
    with started() as made, pytest.raises(DataFault) as fault, dask.cluster_readers(made.scheduler_address) as readers:
        readers.executor.submit(os._exit, 1).result(SECONDS)
    assert fault.value.code == "cluster.killed"


def free() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"


@contextmanager
def dask_program(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask's, as an operator starts it."""
    command = [sys.executable, "-m", "dask", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield program
    finally:
        program.kill()
        program.wait()


def scheduler(address: str) -> Any:
    host, _, port = address.partition(":")
    return dask_program("scheduler", "--host", host, "--port", port, "--no-dashboard")


def wait_for_workers(address: str, count: int) -> None:
    with distributed.Client(address, timeout=SECONDS, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=SECONDS)


def test_a_cluster_that_is_not_there_is_told_of(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = free()
    with scheduler(address):
        ended = ogi_in(project, "run", "--scheduler", f"tcp://{address}", "--lang", "en")
        assert (ended.returncode, "has no workers" in ended.stderr) == (3, True), ended.stderr
    monkeypatch.setattr(dask, "TIMEOUT_SECONDS", 1)
    for wrong in (f"tcp://{address}", "nothing", "xyz://127.0.0.1:1", "tls://127.0.0.1:1"):
        with pytest.raises(DataFault) as fault:
            published(project, wrong)
        assert fault.value.code == "cluster.unreachable"
    assert snapshot.published(Data(project / "data")) is None


def test_a_scheduler_that_dies_in_the_middle_ends_the_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is one without a nanny; its child ends with it."""
    monkeypatch.setattr(batches, "BATCH_REPORTS", 2)
    address = free()
    with (
        scheduler(address) as first,
        dask_program("worker", f"tcp://{address}", "--no-nanny", "--nthreads", "1") as worker,
    ):
        wait_for_workers(address, 1)
        children: list[int] = []

        def kill() -> None:
            if not children:
                children.extend(children_of(worker.pid))
                first.kill()

        with pytest.raises(DataFault) as fault:
            published(project, f"tcp://{address}", kill)
        assert fault.value.code == "cluster.lost"
        assert snapshot.published(Data(project / "data")) is None
        assert children
        worker.kill()
        deadline = time.monotonic() + SECONDS
        while any(alive(pid) for pid in children) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(alive(pid) for pid in children)


def children_of(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def alive(pid: int) -> bool:
    import psutil

    return bool(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
