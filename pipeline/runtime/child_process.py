"""Work in a child process with limits of time and memory: a hostile file ends the child, and the batch continues."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, TypeVar

from pipeline.core.model import DataFault
from pipeline.runtime.memory_limit import limit_memory

if sys.platform == "win32":
    from multiprocessing.connection import PipeConnection as Connection
else:
    from multiprocessing.connection import Connection

T = TypeVar("T")
_Place = tuple[str, dict[str, str]]  # of a process: its folder and its environment
TIMEOUT_SECONDS = 300  # enough for a scan of thirty pages; a digital report takes 0.1 s
EXIT_SECONDS = 5
MEMORY_BYTES = 6 * 2**30  # address space; reading text needs a tenth of it, the models for scans more
_starting = threading.Lock()
_idle: list[Guard] = []  # kept children that nobody uses now
_to_parent: Connection | None = None  # in a child: the pipe on which it reports its progress


class Guard:
    """A child process that runs calls, one after the other. The first call starts it.

    `timeout_seconds` limits each step of a call, `memory_bytes` the address space of the child; None means no limit.
    After a call that crashed or was stopped, `position` is the number that it last passed to `report_position`.

    The child follows this process to its folder and its environment.
    """

    def __init__(
        self, timeout_seconds: float | None = TIMEOUT_SECONDS, memory_bytes: int | None = MEMORY_BYTES
    ) -> None:
        self._timeout_seconds, self._memory_bytes = timeout_seconds, memory_bytes
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._pending_answers = 0  # to calls of `prepare`
        self._place: _Place | None = None
        self.position: int | None = None

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def prepare(self, function: Callable[..., object], *arguments: Any) -> None:
        """Start a call that makes later calls faster, and do not wait for it.

        Its result is dropped. If it fails, the later call that depends on it reports the failure.
        """
        try:
            self._follow()
            self._connection().send((function, arguments))
            self._pending_answers += 1
        except ConnectionError:
            self.stop()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Return the result of a function that runs in the child.

        Raises the function's exception, or DataFault if a step takes too long or too much memory or the child crashes.
        """
        self.position = None
        try:
            self._follow()
            self._drop_pending_answers()
            self._connection().send((function, arguments))
            succeeded, result = self._receive()
        except (EOFError, ConnectionError) as error:
            self.stop()
            raise DataFault("read.crashed") from error
        if succeeded:
            return result  # type: ignore[no-any-return]
        if isinstance(result, MemoryError):
            self.stop()
            raise DataFault("read.memory") from result
        raise result

    def _follow(self) -> None:
        """Let a child that runs go to the folder and the environment that this process has now."""
        place = _find_place()
        if self._pipe is not None and place is not None and place != self._place:
            try:
                self._pipe.send((_go_to, place))
                self._pending_answers += 1
            except ConnectionError:  # it ended; the call that follows starts another one
                self.stop()
        self._place = place

    def _drop_pending_answers(self) -> None:
        """Wait for prepared calls. If the child crashed in one, the next call starts a new child, not prepared."""
        try:
            while self._pending_answers:
                self._receive()
                self._pending_answers -= 1
        except (EOFError, ConnectionError, DataFault):
            self.stop()

    def _receive(self) -> tuple[bool, Any]:
        """Return whether the call succeeded, and its result or exception. Raises EOFError if the child is gone."""
        pipe = self._pipe
        if pipe is None:  # a new child has no call to answer
            raise EOFError
        while True:
            if not pipe.poll(self._timeout_seconds):
                self.stop()
                raise DataFault("read.timeout", seconds=round(self._timeout_seconds or 0))
            kind, result = pipe.recv()
            if kind != "position":
                return kind == "result", result
            self.position = result

    def _connection(self) -> Connection:
        """Return the pipe to a living child; start one if needed."""
        if self._process is None or self._pipe is None or not self._process.is_alive():
            _allow_children()
            # `spawn`: threads of the parent make `fork` unsafe, and it is the same on every system.
            context = multiprocessing.get_context("spawn")
            self._pipe, child_end = context.Pipe()
            process = context.Process(target=_serve, args=(child_end, self._memory_bytes), daemon=True)
            with _without_main_module():
                process.start()
            self._process = process  # only now: another thread may interrupt it
            child_end.close()
        return self._pipe

    def close(self) -> None:
        """Let an idle child exit, so that it releases its resources; kill a busy one."""
        if self._process is not None and self._pipe is not None and not self._pending_answers:
            self._pipe.close()
            self._process.join(EXIT_SECONDS)
        self.stop()

    def interrupt(self) -> None:
        """Kill the child, so that the call of another thread fails."""
        if self._process is not None:
            self._process.kill()

    def stop(self) -> None:
        """Kill the child. The next call starts a new one."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
        self._pending_answers = 0


@contextmanager
def kept_child() -> Iterator[Guard]:
    """Lend a child with the usual limits. It is kept for the next user here, because a new one takes half a second."""
    guard = _idle.pop() if _idle else Guard()
    try:
        yield guard
    except BaseException:  # it may be in the middle of a call
        guard.stop()
        raise
    _idle.append(guard)


def _find_place() -> _Place | None:
    """Return the folder and the environment of this process, None if its folder was removed."""
    try:
        return str(Path.cwd()), dict(os.environ)
    except FileNotFoundError:
        return None


def _go_to(folder: str, environment: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)


def call_by_name(module: str, function: str, *arguments: Any) -> None:
    """Call a function by name, so that the parent need not import its module."""
    with without_garbage_collection():
        getattr(importlib.import_module(module), function)(*arguments)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Disable the garbage collector while long-lived objects are built: scanning a million of them takes a second."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def report_position(number: int) -> None:
    """In a child, report that the call starts its next item. The time limit applies per item."""
    if _to_parent is not None:
        _to_parent.send(("position", number))


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Hide the main module while a child starts, because children only call functions of this package.

    Otherwise each child runs the caller's script again: a script without `if __name__ == "__main__"` would start a
    second job, and a script from standard input cannot be run again at all.
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def _allow_children() -> None:
    """Let a daemonic process, such as a Dask worker, have children.

    Python forbids this because such a process leaves its children behind. Ours exit with their parent.
    """
    if multiprocessing.current_process().daemon:
        multiprocessing.current_process().daemon = False


def _exit_with_parent() -> None:
    """Wait until the parent has ended for any reason, then exit this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _serve(pipe: Connection, memory_bytes: int | None) -> None:
    """Run the child: answer calls until the parent closes the pipe."""
    global _to_parent
    _to_parent = pipe
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    if memory_bytes is not None:
        limit_memory(memory_bytes)
    first_call = True
    while True:
        try:
            function, arguments = pipe.recv()
            pipe.send(_run(function, arguments))
        except (EOFError, KeyboardInterrupt, BrokenPipeError):
            return
        if first_call:  # scanning the imported modules for garbage would cost a quarter of the time
            gc.collect()
            gc.freeze()
            first_call = False


def _run(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "result", function(*arguments)
    except Exception as fault:  # noqa: BLE001 (it is raised again in the parent)
        return "exception", fault
