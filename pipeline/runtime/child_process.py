"""Work in a child process with limits of time and memory: a hostile file ends there, and the batch goes on."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, TypeVar

from pipeline.core.model import DataFault

T = TypeVar("T")
SECONDS = 300  # a scan of some thirty pages; a digital report takes a tenth of one
SECONDS_TO_END = 5
MEMORY = 6 * 2**30  # address space in bytes; reading text takes a tenth of it, the models for scans some more
_told: Connection | None = None  # in a child: where it says how far it is


class Guard:
    """A child process that calls functions for us, one after the other; it is started when first needed.

    A call may go through many things; where it ended by force, `at` is the number that it last gave to `reached`.
    Without `seconds` or `memory` there is no such limit.
    """

    def __init__(self, seconds: float | None = SECONDS, memory: int | None = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._owed = 0  # answers that nobody waits for
        self.at: int | None = None

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def prepare(self, function: Callable[..., object], *arguments: Any) -> None:
        """Have the child do what makes later calls quicker, without waiting for it. What comes of it is not looked at:
        where it fails, the call that needs it will say so.
        """
        try:
            self._started().send((function, arguments))
            self._owed += 1
        except ConnectionError:
            self.stop()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """The function's result. Raises what it raises; DataFault where it, or one of the things it goes through, takes
        too long, too much memory, or dies.
        """
        self.at = None
        try:
            self._settle()
            self._started().send((function, arguments))
            good, result = self._answer()
        except (EOFError, ConnectionError) as error:
            self.stop()
            raise DataFault("read.crashed") from error
        if good:
            return result  # type: ignore[no-any-return]
        if isinstance(result, MemoryError):
            self.stop()
            raise DataFault("read.memory") from result
        raise result

    def _settle(self) -> None:
        """Wait for what was prepared. A child that did not survive it is replaced by one that is not prepared."""
        try:
            while self._owed:
                self._answer()
                self._owed -= 1
        except (EOFError, ConnectionError, DataFault):
            self.stop()

    def _answer(self) -> tuple[bool, Any]:
        """What the child says that was asked. Raises EOFError where it is gone: another was asked nothing, and would
        never answer.
        """
        pipe = self._pipe
        if pipe is None:
            raise EOFError
        while True:
            if not pipe.poll(self._seconds):
                self.stop()
                raise DataFault("read.timeout", seconds=round(self._seconds or 0))
            kind, result = pipe.recv()
            if kind != "at":
                return kind == "good", result
            self.at = result

    def _started(self) -> Connection:
        if self._process is None or self._pipe is None or not self._process.is_alive():
            _allow_children()
            # `spawn`, for threads of the parent make `fork` unsafe, and because it is the same on every system.
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._memory), daemon=True)
            process.start()
            self._process = process  # not before: another thread may interrupt it
            theirs.close()
        return self._pipe

    def close(self) -> None:
        """Let a child that has nothing to do end by itself and give back what it holds of the system."""
        if self._process is not None and self._pipe is not None and not self._owed:
            self._pipe.close()
            self._process.join(SECONDS_TO_END)
        self.stop()

    def interrupt(self) -> None:
        """Let a call that another thread waits for fail."""
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        """End the child; the next call starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
        self._owed = 0


def by_name(module: str, function: str, *arguments: Any) -> None:
    """Call a function that the parent names and need not import: to be prepared with."""
    with uncollected():
        getattr(importlib.import_module(module), function)(*arguments)


@contextmanager
def uncollected() -> Iterator[None]:
    """What is made here is kept: to look for garbage among a million objects, now and later, takes a second."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def reached(number: int) -> None:
    """Said by a function in a child before each of the things that it goes through: the time limit is for each."""
    if _told is not None:
        _told.send(("at", number))


def _allow_children() -> None:
    """A daemonic process, as a worker of Dask is, may have none, for it ends without ending them. Ours end with it."""
    if multiprocessing.current_process().daemon:
        multiprocessing.current_process().daemon = False


def _end_with_parent() -> None:
    """Wait for the parent's end, whatever it is, and end in the midst of whatever is done here: nobody asks for it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _serve(pipe: Connection, memory: int | None) -> None:
    """The child's life: answer calls until the other side is gone."""
    global _told
    _told = pipe
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if memory is not None and sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    settled = False
    while True:
        try:
            function, arguments = pipe.recv()
            pipe.send(_outcome(function, arguments))
        except (EOFError, KeyboardInterrupt, BrokenPipeError):
            return
        if not settled:  # what the first call imported is never garbage: looking through it costs a quarter of the time
            gc.collect()
            gc.freeze()
            settled = True


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "good", function(*arguments)
    except Exception as fault:  # noqa: BLE001 (it is raised again on the other side)
        return "bad", fault
