"""Reading on many machines: the workers of a Dask cluster as an executor, once it is known that they run this program.

A report is read there as it is here, in a guarded child of the worker. What is sent and what comes back is pickled, so
whoever can reach the scheduler can run code on every machine of the cluster: it belongs on a network that is trusted.
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
from pipeline.runtime import tools
from pipeline.storage import snapshot

if TYPE_CHECKING:
    from distributed import Client

SECONDS = 15  # for the scheduler to answer
RETRIES = 2  # of a batch that another machine may be able to read, as one with more memory
SHOWN = 3
LARGE = "256MiB"  # of a batch; Dask warns of 10 MB, which a batch of scans has
NAME = re.compile(r"[\w.-]+")  # with which a declared package begins
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Program:
    """All that decides what is taken from a report, but the report: who differs in none of it reads it the same."""

    code: str
    tools: tuple[str, ...]
    python: str
    packages: str


@cache
def program() -> Program:
    """This process's program. It is asked for before anything is read, and holds for as long as the process lives: the
    files may change, but not what was loaded from them.
    """
    declared = (line for line in requires("ogi") or () if "extra ==" not in line)
    names = sorted({found.group() for line in declared if (found := NAME.match(line))})
    packages = " ".join(f"{name} {version(name)}" for name in names)
    python = ".".join(platform.python_version_tuple()[:2])
    return Program(snapshot.engine(), tools.present(), python, hashlib.sha256(packages.encode()).hexdigest())


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor on the workers of the scheduler at an address, and how many reports they read at once.

    Raises DataFault where the extra is not installed, the scheduler does not answer, no worker is there or one of them
    runs another program; in the middle, where the scheduler is lost or worker after worker dies.
    """
    try:
        from distributed.client import ClosedClientError
        from distributed.comm import CommClosedError
        from distributed.scheduler import KilledWorker, NoValidWorkerError
    except ImportError as error:
        raise DataFault("cluster.extra") from error
    for name in ("distributed", "distributed.client"):  # what goes wrong is told by us
        logging.getLogger(name).setLevel(logging.CRITICAL)
    client = _connected(address)
    try:
        threads = client.nthreads()
        _compare(client, address, threads)
        yield _Same(client.get_executor(pure=False, retries=RETRIES)), sum(threads.values())
    except KilledWorker as fault:
        raise DataFault("cluster.killed", address=fault.last_worker.address) from fault
    except (CancelledError, ClosedClientError, CommClosedError, NoValidWorkerError, TimeoutError) as fault:
        raise DataFault("cluster.lost", address=address) from fault
    finally:
        client.close(SECONDS)


def _connected(address: str) -> Client:
    """Raises DataFault."""
    import dask
    import distributed

    dask.config.set({"distributed.admin.large-graph-warning-threshold": LARGE})
    try:
        return distributed.Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:  # the latter for TLS that is not set up
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataFault("cluster.unreachable", address=address, error=said) from error


def _compare(client: Client, address: str, threads: Mapping[str, int]) -> None:
    """Raises DataFault where there is no worker, or one whose program is another."""
    if not threads:
        raise DataFault("cluster.no_workers", address=address)
    found = client.run(program, on_error="return")
    differing = [f"{worker} ({told})" for worker, other in sorted(found.items()) if (told := _differences(other))]
    if differing:
        more = ["…"] if len(differing) > SHOWN else []
        raise DataFault("cluster.differs", workers="; ".join(differing[:SHOWN] + more))


def _differences(other: object) -> str:
    """In what a worker's program differs from this one; '' where in nothing."""
    if not isinstance(other, Program):  # a worker that has no ogi, or an older one
        return type(other).__name__
    return ", ".join(f.name for f in fields(other) if getattr(other, f.name) != getattr(program(), f.name))


class _Same(Executor):
    """An executor whose calls are refused by a worker that came later and runs another program."""

    def __init__(self, inner: Executor) -> None:
        self._inner = inner

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See `Executor.submit`."""
        checked: Callable[..., T] = partial(_call, program(), fn)
        return self._inner.submit(checked, *args, **kwargs)


def _call(wanted: Program, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    if _differences(wanted):
        raise DataFault("cluster.differs", workers=f"{platform.node()} ({_differences(wanted)})")
    return function(*args, **kwargs)
