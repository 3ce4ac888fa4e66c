"""Read reports on a real Dask cluster: the published bytes are the same, even if a worker dies."""

from __future__ import annotations

import os
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
from support.project import ROOT, copy_program, fresh, ogi_in

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.job import batches, dask
from pipeline.job.plan import Outcome, RunOptions
from pipeline.job.run import run
from pipeline.runtime.child_process import report_position
from pipeline.storage import snapshot
from pipeline.storage.load import Tables

distributed = pytest.importorskip("distributed", reason="needs the extra `dask`")

# A process that reads a file with this end exits; see `read_or_die`.
HOSTILE = b"<!-- ends the reading process -->"
TIMEOUT_SECONDS = 60


class BatchProgress:
    """Progress that shows nothing and calls `on_batch` after each batch."""

    def __init__(self, on_batch: Callable[[], object] = lambda: None) -> None:
        self.on_batch = on_batch

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        yield

    @contextmanager
    def reading(self, count: int) -> Iterator[Callable[[int], None]]:
        def count_batch(_number: int) -> None:
            self.on_batch()

        yield count_batch


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Yield a cluster for the tests that leave its workers as they are."""
    with start_cluster() as local_cluster:
        yield local_cluster


@contextmanager
def start_cluster() -> Iterator[Any]:
    """Start two worker processes. Each has a nanny, which replaces a worker that dies."""
    options = {"host": "127.0.0.1", "dashboard_address": None, "worker_dashboard_address": None}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, silence_logs=50, **options) as local_cluster:
        yield local_cluster


def run_job(project: Path, address: str | None, on_batch: Callable[[], object] = lambda: None) -> Outcome:
    """Run the job on the cluster at `address`, or with local processes for None; call `on_batch` after each batch."""
    options = RunOptions(workers=2, scheduler=address)
    return run(Data(project / "data"), options, BatchProgress(on_batch))


def hash_published_files(project: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of the published snapshot, by name."""
    return snapshot.file_hashes(Data(project / "data").current.resolve(), {})


def worker_pids(address: str) -> list[int]:
    """Return the process ids of the workers of a cluster."""
    with distributed.Client(address, set_as_default=False) as client:
        return sorted(client.run(os.getpid).values())


@pytest.fixture(scope="module")
def local_hashes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the hashes of the files that a run without a cluster publishes."""
    project = fresh(tmp_path_factory.mktemp("here") / "project")
    assert run_job(project, None).exit_code == 0
    return hash_published_files(project)


def test_run_on_a_cluster_publishes_the_same_bytes(cluster: Any, project: Path, local_hashes: dict[str, str]) -> None:
    result = ogi_in(project, "run", "--quiet", "--scheduler", cluster.scheduler_address)
    assert result.returncode == 0, result.stderr
    assert '"stage": "extract", "count": 62' in result.stderr
    assert hash_published_files(project) == local_hashes


def test_workers_use_the_register_of_the_data_folder(cluster: Any, project: Path) -> None:
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
    outcome = run_job(project, cluster.scheduler_address)
    assert outcome.record is not None
    assert outcome.record.summary["quarantined"] == 0


def test_killed_workers_do_not_change_the_result(
    project: Path, local_hashes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_REPORTS", 2)
    with start_cluster() as local_cluster:
        workers = worker_pids(local_cluster.scheduler_address)
        killed_workers: list[int] = []

        def kill_next_worker() -> None:
            if len(killed_workers) < len(workers):
                os.kill(workers[len(killed_workers)], signal.SIGKILL)
                killed_workers.append(workers[len(killed_workers)])

        assert run_job(project, local_cluster.scheduler_address, kill_next_worker).exit_code == 0
        assert killed_workers == workers
        assert not set(worker_pids(local_cluster.scheduler_address)) & set(workers)
    assert hash_published_files(project) == local_hashes


def test_report_that_ends_its_reader_is_the_only_one_quarantined(project: Path) -> None:
    """The workers get a `read_here` that exits at the report, so every child process of a worker that reads it ends."""
    page = project / "data" / "raw" / "2019" / "411200-water.html"
    page.write_bytes(page.read_bytes() + HOSTILE)
    with start_cluster() as local_cluster:
        with distributed.Client(local_cluster.scheduler_address, set_as_default=False) as client:
            client.run(_replace_read_here)
        outcome = run_job(project, local_cluster.scheduler_address)
    assert outcome.record is not None
    assert (outcome.exit_code, outcome.record.summary["quarantined"]) == (1, 1)
    assert outcome.record.summary["loaded"] == 61


def _replace_read_here() -> None:
    batches.read_here = read_or_die


def read_or_die(batch: batches.Batch) -> Tables:
    """Read a batch as `read_here` does, but exit at a report that ends with HOSTILE."""
    contents = batch.contents
    for number, content in enumerate(contents):
        report_position(number)
        if content.endswith(HOSTILE) and batch.entries[number].fault is None:
            os._exit(9)
    return _read_here(batch)


_read_here = batches.read_here


def test_workers_with_another_version_of_the_program_are_refused(cluster: Any, project: Path, tmp_path: Path) -> None:
    """The command runs from a copy of the program whose labels.csv differs from that of the workers."""
    program = copy_program(tmp_path / "program")
    with (program / "pipeline" / "reference" / "labels.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    result = ogi_in(project, "run", "--scheduler", cluster.scheduler_address, "--lang", "en", root=program)
    assert result.returncode == 3
    assert "run another program" in result.stderr
    assert "(code)" in result.stderr
    assert snapshot.published(Data(project / "data")) is None


def test_task_that_ends_every_worker_ends_the_run() -> None:
    with (
        start_cluster() as local_cluster,
        pytest.raises(DataFault) as fault,
        dask.cluster_readers(local_cluster.scheduler_address) as readers,
    ):
        readers.executor.submit(os._exit, 1).result(TIMEOUT_SECONDS)
    assert fault.value.code == "cluster.killed"


def free_address() -> str:
    """Return an address of this machine with an unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def start_dask(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command `dask` as an operator does, until the context ends."""
    command = [sys.executable, "-m", "dask", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def start_scheduler(address: str) -> Any:
    """Run a Dask scheduler at `address` (host:port) until the context ends."""
    host, _, port = address.partition(":")
    return start_dask("scheduler", "--host", host, "--port", port, "--no-dashboard")


def wait_for_workers(address: str, count: int) -> None:
    """Wait until `count` workers have connected to a scheduler."""
    with distributed.Client(address, timeout=TIMEOUT_SECONDS, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=TIMEOUT_SECONDS)


def test_missing_cluster_or_workers_are_reported(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = free_address()
    with start_scheduler(address):
        result = ogi_in(project, "run", "--scheduler", f"tcp://{address}", "--lang", "en")
        assert (result.returncode, "has no workers" in result.stderr) == (3, True), result.stderr
    monkeypatch.setattr(dask, "TIMEOUT_SECONDS", 1)
    for wrong_address in (f"tcp://{address}", "nothing", "xyz://127.0.0.1:1", "tls://127.0.0.1:1"):
        with pytest.raises(DataFault) as fault:
            run_job(project, wrong_address)
        assert fault.value.code == "cluster.unreachable"
    assert snapshot.published(Data(project / "data")) is None


def test_killed_scheduler_ends_the_run_and_the_children_of_workers(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has no nanny. Its child process ends with it."""
    monkeypatch.setattr(batches, "BATCH_REPORTS", 2)
    address = free_address()
    with (
        start_scheduler(address) as scheduler,
        start_dask("worker", f"tcp://{address}", "--no-nanny", "--nthreads", "1") as worker,
    ):
        wait_for_workers(address, 1)
        children: list[int] = []

        def kill_scheduler() -> None:
            if not children:
                children.extend(child_pids(worker.pid))
                scheduler.kill()

        with pytest.raises(DataFault) as fault:
            run_job(project, f"tcp://{address}", kill_scheduler)
        assert fault.value.code == "cluster.lost"
        assert snapshot.published(Data(project / "data")) is None
        assert children
        worker.kill()
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while any(is_alive(pid) for pid in children) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(is_alive(pid) for pid in children)


def child_pids(pid: int) -> list[int]:
    """Return the process ids of all descendants of a process."""
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def is_alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    import psutil

    return bool(psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
