"""Work in the background: examine files that came in, and run the job after changes. One thread does one at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.core.model import DataFault, ProjectFault
from pipeline.core.paths import Data
from pipeline.job import inbox as inbox_job
from pipeline.job.plan import Outcome, RunOptions
from pipeline.job.run import run
from pipeline.publish.receipt_text import receipt_row

WAIT_FOR_OTHER_RUN_SECONDS = 60
FILES_AT_ONCE = 8  # to start a reading process takes longer than to read a file
Message = tuple[str, Mapping[str, object]]  # the code of a message, and its values


@dataclass
class RunState:
    """The run in progress, or how the last one of this desk ended. `steps` are the messages about its stages."""

    is_running: bool = False
    is_wanted: bool = False
    steps: list[Message] = field(default_factory=list)
    done: int = 0
    total: int = 0
    outcome: Outcome | None = None
    fault: Message | None = None

    @contextmanager
    def stage(self, name: str, **values: object) -> Iterator[None]:
        """Note a stage."""
        self.steps.append((f"run.stage.{name}", values))
        yield

    @contextmanager
    def reading(self, count: int) -> Iterator[Callable[[int], None]]:
        """Count the reports that are read."""
        self.done, self.total = 0, count

        def count_done(number: int) -> None:
            self.done += number

        yield count_done


class Worker:
    """The thread of a desk. Its state is only what pages show: all results are in the data folder."""

    def __init__(self, data: Data) -> None:
        """Prepare the work on a data folder; `start` starts the thread."""
        self._data = data
        self._wake = threading.Event()
        self._stopped = False
        self._year: int | None = None
        self.run_state = RunState()
        self.fault: Message | None = None
        self._thread = threading.Thread(target=self._work, name="ogi-desk", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        self._wake.set()

    def stop(self) -> None:
        """End after the current file or run."""
        self._stopped = True
        self._wake.set()
        self._thread.join(timeout=5)

    def look_at_inbox(self, year: int | None) -> None:
        """Examine the files of the inbox that have no receipt; `year` is the report year that is collected."""
        self._year = year
        self._wake.set()

    def want_run(self) -> None:
        """Run the job once the inbox is examined."""
        self.run_state.is_wanted = True
        self._wake.set()

    def _work(self) -> None:
        try:
            while not self._stopped:
                self._wake.wait()
                self._wake.clear()
                while not self._stopped and (self._examine_next() or self._run_if_wanted()):
                    pass
        finally:
            if not self._stopped:  # a fault of the program; Python prints it, and the pages must not wait for ever
                self.fault = ("desk.worker_stopped", {})
                self.run_state = RunState(fault=self.fault)

    def _examine_next(self) -> bool:
        """Examine some files without a receipt; return whether there were any."""
        waiting = [r for r in inbox_job.list_receipts(self._data) if "zh" not in (r.stored or {})]
        if not waiting:
            return False
        batch = [receipt.item for receipt in waiting[:FILES_AT_ONCE]]
        try:
            inbox_job.examine(self._data, batch, self._year, receipt_row)
        except ProjectFault as fault:  # a file of the project is wrong: a person must correct it first
            self.fault = ("run.project", {"error": fault})
            return False
        except OSError as fault:
            self.fault = ("run.disk", {"error": fault})
            return False
        self.fault = None
        return True

    def _run_if_wanted(self) -> bool:
        if not self.run_state.is_wanted:
            return False
        state = RunState(is_running=True)
        self.run_state = state
        started = time.monotonic()
        try:
            state.outcome = run(self._data, RunOptions(wait_seconds=WAIT_FOR_OTHER_RUN_SECONDS), state)
        except ProjectFault as fault:
            state.fault = ("run.project", {"error": fault})
        except DataFault as fault:
            state.fault = (fault.code, fault.values)
        except OSError as fault:
            state.fault = ("run.disk", {"error": fault})
        state.steps.append(("desk.run.seconds", {"seconds": round(time.monotonic() - started, 1)}))
        state.is_running = False
        return True
