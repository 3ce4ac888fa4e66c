"""Run independent calls in several child processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue

from pipeline.core.model import DataFault
from pipeline.runtime.child_process import Guard, without_garbage_collection

Call = Callable[[], None]
CHILD_FAULTS = ("read.crashed", "read.memory")  # of a child, which is not reading a report here


@contextmanager
def children(workers: int) -> Iterator[Callable[[Call], None]]:
    """Yield a function that runs a call, which passes between processes, in the next idle child process.

    With one worker there are no children, and the function runs the call at once. The end of the block waits for all
    calls. It raises the exception of the first call that failed, or DataFault if its child ended.
    """
    if workers == 1:
        yield lambda call: call()
        return
    idle: SimpleQueue[Guard] = SimpleQueue()
    with ExitStack() as stack, ThreadPoolExecutor(workers) as executor:
        for _ in range(workers):
            idle.put(stack.enter_context(Guard(timeout_seconds=None, memory_bytes=None)))
        pending = []
        try:
            yield lambda call: pending.append(executor.submit(_run_in_idle_child, call, idle))
            for future in pending:
                future.result()
        finally:
            executor.shutdown(cancel_futures=True)


def _run_in_idle_child(call: Call, idle: SimpleQueue[Guard]) -> None:
    child = idle.get()
    try:
        child.call(_run_without_garbage_collection, call)
    except DataFault as fault:
        if fault.code in CHILD_FAULTS:
            raise DataFault("child.ended") from fault
        raise
    finally:
        idle.put(child)


def _run_without_garbage_collection(call: Call) -> None:
    with without_garbage_collection():
        call()
