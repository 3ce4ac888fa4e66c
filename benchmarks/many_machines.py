"""Measure the reading of reports by local processes and by a Dask cluster, also when a worker is killed.

`uv run --isolated --group dev --extra dask python benchmarks/many_machines.py --write` simulates a corpus, publishes it
in each way in each round, checks that all ways publish the same bytes, and writes `docs/measured/many_machines.md`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.core.paths import Data
from pipeline.job.plan import RunOptions
from pipeline.job.run import run
from pipeline.storage import snapshot

WORKERS = 2
BUILT = ("curated", "versions", "ledger", "data_docs", ".scan_cache", ".same_input")
PAGE = """# Many machines

Written by `benchmarks/many_machines.py`: {reports} simulated reports, {rounds} rounds, medians. Local: {workers}
reading processes. Cluster: a Dask scheduler and {workers} workers on the same machine, so the difference is the cost of
the cluster. Killed: one worker is killed after the first batch; its nanny starts another one. The seconds are those of
the stage that reads the reports. All ways published the same bytes. Python {python}, {cores} cores, dask {dask}.

| way | seconds | per round | times local |
|---|---:|---|---:|
{rows}

Spark runs the SQL of the roll-up unchanged through sqlglot (`tests/sql/test_spark.py`); its time for a sum is next to
that of DuckDB in [scaling](scale.md).
"""


class Timer:
    """Progress that measures the stage `extract`, and calls `on_batch` after each batch."""

    def __init__(self, on_batch: Callable[[], object]) -> None:
        self.on_batch, self.seconds = on_batch, 0.0

    @contextmanager
    def stage(self, name: str, **_: object) -> Iterator[None]:
        """Measure a stage."""
        start = time.perf_counter()
        yield
        if name == "extract":
            self.seconds = time.perf_counter() - start

    @contextmanager
    def reading(self, _count: int) -> Iterator[Callable[[int], None]]:
        """Call `on_batch` after each batch."""

        def count_batch(_number: int) -> None:
            self.on_batch()

        yield count_batch


def publish(data: Data, address: str | None, on_batch: Callable[[], object] = lambda: None) -> tuple[float, str]:
    """Publish a folder again; return the seconds of reading, and the hashes of the published files."""
    for name in BUILT:
        path = data.root / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    timer = Timer(on_batch)
    outcome = run(data, RunOptions(workers=WORKERS, scheduler=address), timer)
    if outcome.record is None:
        raise RuntimeError("nothing was published")
    return timer.seconds, repr(sorted(snapshot.file_hashes(data.current.resolve(), {}).items()))


def publish_on_cluster(data: Data, *, is_killed: bool) -> tuple[float, str]:
    """Publish with a cluster of its own; kill a worker after the first batch, if asked."""
    import distributed

    options: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": None, "worker_dashboard_address": None}
    with distributed.LocalCluster(n_workers=WORKERS, threads_per_worker=1, silence_logs=50, **options) as cluster:
        with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
            victims = sorted(client.run(os.getpid).values())[:1] if is_killed else []

        def kill() -> None:
            while victims:
                os.kill(victims.pop(), signal.SIGKILL)

        return publish(data, cluster.scheduler_address, kill)


def main() -> None:
    """Measure, and print or write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=9_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    ways: dict[str, Callable[[Data], tuple[float, str]]] = {
        "local": lambda data: publish(data, None),
        "cluster": lambda data: publish_on_cluster(data, is_killed=False),
        "cluster, a worker killed": lambda data: publish_on_cluster(data, is_killed=True),
    }
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory(prefix="ogi-") as folder:
        data = Data(Path(folder) / "data")
        size = ["--reports", str(arguments.reports), "--members", "49", "--years", "2023-2023", "--formats", "html,txt"]
        command = [sys.executable, "-m", "pipeline.cli", "simulate", str(data.root), *size]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        published = set()
        for _ in range(arguments.rounds):
            for way, measure in ways.items():
                taken, content = measure(data)
                seconds[way].append(taken)
                published.add(content)
    if len(published) != 1:
        raise RuntimeError("the ways published different bytes")
    page = _page(seconds, arguments)
    if arguments.write:
        (ROOT / "docs" / "measured" / "many_machines.md").write_text(page, encoding="utf-8")
    else:
        print(page)


def _page(seconds: dict[str, list[float]], arguments: argparse.Namespace) -> str:
    import distributed

    local = statistics.median(seconds["local"])
    rows = "\n".join(
        f"| {way} | {statistics.median(times):.1f} | {', '.join(f'{t:.1f}' for t in times)} "
        f"| {statistics.median(times) / local:.2f} |"
        for way, times in seconds.items()
    )
    facts = {"reports": arguments.reports, "rounds": arguments.rounds, "workers": WORKERS, "cores": os.cpu_count()}
    return PAGE.format(**facts, python=platform.python_version(), dask=distributed.__version__, rows=rows)


if __name__ == "__main__":
    main()
