"""Read on many machines: the workers of a Dask cluster as an executor, after a check that they run this program.

A worker reads a report as this machine does, in a guarded child. Everything that is sent is pickled. So anyone who can
reach the scheduler can run code on every machine of the cluster: the scheduler must be on a trusted network.
"""

from __future__ import annotations

import hashlib
import logging
import platform
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache, partial
from importlib.metadata import requires, version
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from pipeline.core.model import DataFault
from pipeline.job.batches import Readers
from pipeline.runtime.tools import installed_tools
from pipeline.storage.fingerprint import extraction_fingerprint

if TYPE_CHECKING:
    from distributed import Client

TIMEOUT_SECONDS = 15  # for the scheduler to answer
RETRIES = 2  # of a batch that another machine, with more memory, may be able to read
MAX_WORKERS_NAMED = 3
BATCH_WARNING = "256MiB"  # Dask warns of batches above 10 MB by default, which scans exceed
PACKAGE_NAME = re.compile(r"[\w.-]+")  # at the start of a declared requirement
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Program:
    """Everything besides the report that decides its rows: equal programs extract the same rows from a report."""

    code: str
    tools: tuple[str, ...]
    python: str
    packages: str


@cache
def program() -> Program:
    """Return the program of this process.

    It is computed once, before any report is read. Files may change while the process runs; loaded code does not.
    """
    required = (line for line in requires("ogi") or () if "extra ==" not in line)
    names = sorted({match.group() for line in required if (match := PACKAGE_NAME.match(line))})
    packages = " ".join(f"{name} {version(name)}" for name in names)
    python = ".".join(platform.python_version_tuple()[:2])
    packages_hash = hashlib.sha256(packages.encode()).hexdigest()
    return Program(extraction_fingerprint(), installed_tools(), python, packages_hash)


@contextmanager
def cluster_readers(address: str) -> Iterator[Readers]:
    """Read on the workers of the scheduler at an address.

    Raises DataFault if the extra is not installed, the scheduler does not answer or has no workers, or a worker runs
    another program; and while reading, if the scheduler is lost or workers keep crashing.
    """
    try:
        from distributed.client import ClosedClientError
        from distributed.comm import CommClosedError
        from distributed.scheduler import KilledWorker, NoValidWorkerError
    except ImportError as error:
        raise DataFault("cluster.extra") from error
    for name in ("distributed", "distributed.client"):  # the job itself reports faults
        logging.getLogger(name).setLevel(logging.CRITICAL)
    client = _connect(address)
    try:
        threads = client.nthreads()
        _check_programs(client, address, threads)
        yield Readers(_CheckedExecutor(client.get_executor(pure=False, retries=RETRIES)), sum(threads.values()))
    except KilledWorker as fault:
        raise DataFault("cluster.killed", address=fault.last_worker.address) from fault
    except (CancelledError, ClosedClientError, CommClosedError, NoValidWorkerError, TimeoutError) as fault:
        raise DataFault("cluster.lost", address=address) from fault
    finally:
        client.close(TIMEOUT_SECONDS)


def _connect(address: str) -> Client:
    """Return a client of the scheduler. Raises DataFault."""
    import dask
    import distributed

    dask.config.set({"distributed.admin.large-graph-warning-threshold": BATCH_WARNING})
    try:
        return distributed.Client(address, timeout=TIMEOUT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:  # RuntimeError: TLS is not configured
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataFault("cluster.unreachable", address=address, error=message) from error


def _check_programs(client: Client, address: str, workers: Mapping[str, int]) -> None:
    """Raise DataFault if there is no worker, or a worker runs another program."""
    if not workers:
        raise DataFault("cluster.no_workers", address=address)
    programs = client.run(program, on_error="return")
    differing = [f"{worker} ({names})" for worker, other in sorted(programs.items()) if (names := _differences(other))]
    if differing:
        more = ["…"] if len(differing) > MAX_WORKERS_NAMED else []
        raise DataFault("cluster.differs", workers="; ".join(differing[:MAX_WORKERS_NAMED] + more))


def _differences(other: object) -> str:
    """Return the names of the fields in which a worker's program differs from this one, \'\' if they are equal."""
    if not isinstance(other, Program):  # a worker without ogi, or with an older one
        return type(other).__name__
    return ", ".join(f.name for f in fields(other) if getattr(other, f.name) != getattr(program(), f.name))


class _CheckedExecutor(Executor):
    """An executor whose calls are refused by a worker that joined later and runs another program."""

    def __init__(self, inner: Executor) -> None:
        self._inner = inner

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See `Executor.submit`."""
        checked: Callable[..., T] = partial(_call_checked, program(), fn)
        return self._inner.submit(checked, *args, **kwargs)


def _call_checked(expected: Program, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    if names := _differences(expected):
        raise DataFault("cluster.differs", workers=f"{platform.node()} ({names})")
    return function(*args, **kwargs)
