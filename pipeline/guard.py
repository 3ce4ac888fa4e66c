"""Reading in a child process with limits of time and memory: a hostile file ends there, and the batch goes on."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, TypeVar

from pipeline.model import DataFault

T = TypeVar("T")
SECONDS = 300  # a scan of some thirty pages; a digital report takes a tenth of one
MEMORY = 6 * 2**30  # address space in bytes; reading text takes a tenth of it, the models for scans some more


class Guard:
    """A child process that calls functions for us, one after the other; it is started when first needed."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """The function's result. Raises what it raises; DataFault where it takes too long, too much memory, or dies."""
        pipe = self._started()
        pipe.send((function, arguments))
        try:
            if not pipe.poll(self._seconds):
                self._stop()
                raise DataFault("read.timeout", seconds=round(self._seconds))
            good, result = pipe.recv()
        except (EOFError, ConnectionError) as error:
            self._stop()
            raise DataFault("read.crashed") from error
        if good:
            return result  # type: ignore[no-any-return]
        if isinstance(result, MemoryError):
            self._stop()
            raise DataFault("read.memory") from result
        raise result

    def _started(self) -> Connection:
        if self._process is None or self._pipe is None or not self._process.is_alive():
            # `spawn`, for threads of the parent make `fork` unsafe, and because it is the same on every system.
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._memory), daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(pipe: Connection, memory: int) -> None:
    """The child's life: answer calls until the other side is gone."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    settled = False
    while True:
        try:
            function, arguments = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(_answer(function, arguments))
        if not settled:  # what the first call imported is never garbage: looking through it costs a quarter of the time
            gc.collect()
            gc.freeze()
            settled = True


def _answer(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, function(*arguments)
    except Exception as fault:  # noqa: BLE001 (it is raised again on the other side)
        return False, fault
