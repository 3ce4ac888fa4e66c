"""Disturb a run at an exact moment. The run counts its own file-system events below its data folder.

The run and its children are forked from a server process that has already loaded the libraries. The events are
Python's audit events, and one event in the middle of each file that Python writes.
"""

from __future__ import annotations

import errno
import multiprocessing
import multiprocessing.forkserver
import os
import random
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

COUNTED_EVENTS = {
    "open",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.scandir",
    "half",
}
WRITE_EVENTS = {"os.rename", "os.link", "os.symlink", "os.mkdir", "half"}
# The modules that the server process imports before it forks.
MODULES = ["pipeline.cli.run", "pipeline.job.build", "pipeline.cli.status", "pandas", "great_expectations", __name__]


@dataclass(frozen=True)
class Injection:
    """A disturbance `kind` at the event of number `event_number`; '' disturbs nothing.

    kill, child: kill the run or one of its children. full, once: a write fails with ENOSPC, from then on or once.
    change, truncate, remove, manifest: change the input. clock: shift the clock. size: limit the size of files.
    """

    kind: str = ""
    event_number: int = 0  # from 1
    value: float = 0  # size: maximum bytes of a file; clock: the shift in seconds
    seed: int = 0
    wait_seconds: float = 0  # for another run to end
    path_part: str = ""  # only events on paths that contain it are counted


class EventCounter:
    """Count the events of a run, and apply an injection when its event comes."""

    def __init__(self, root: Path, injection: Injection) -> None:
        self._root, self._injection = os.fspath(root), injection
        self._lock, self._thread_state = threading.Lock(), threading.local()
        self._applied = False
        self.count = 0

    def count_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Count an audit event; the audit hook. Its own file events are not counted."""
        if (
            event not in COUNTED_EVENTS
            or getattr(self._thread_state, "busy", False)
            or not self._is_counted_path(arguments)
        ):
            return
        is_write = event in WRITE_EVENTS or (event == "open" and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR)))
        if self._injection.kind in ("full", "once") and not is_write:
            return
        with self._lock:
            self.count += 1
            number = self.count
        self._thread_state.busy = True
        try:
            self._apply_if_due(number)
        finally:
            self._thread_state.busy = False

    def _is_counted_path(self, arguments: tuple[Any, ...]) -> bool:
        paths = [os.fspath(a) for a in arguments[:2] if isinstance(a, (str, os.PathLike))]
        return any(p.startswith(self._root) and self._injection.path_part in p for p in paths if isinstance(p, str))

    def _apply_if_due(self, number: int) -> None:
        """Apply the injection if its event has come; it raises OSError for a full disk and ends a killed run."""
        kind = self._injection.kind
        if kind == "full" and number >= self._injection.event_number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if not kind or self._applied or number < self._injection.event_number:
            return
        self._applied = ACTIONS[kind](self._injection, Path(self._root))
        if kind == "once":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)


def _kill_child(injection: Injection, _root: Path) -> bool:
    """Kill a random child process. Return False while there is none, so that the next event tries again."""
    children = multiprocessing.active_children()
    if children:
        pid = random.Random(injection.seed).choice(sorted(c.pid or 0 for c in children))
        os.kill(pid, signal.SIGKILL)
    return bool(children)


def _change_report(injection: Injection, root: Path) -> bool:
    """Change, truncate or remove a random report."""
    path = random.Random(injection.seed).choice(sorted((root / "raw").glob("*/*.html")))
    content = path.read_bytes()
    if injection.kind == "remove":
        path.unlink()
    else:
        path.write_bytes(content + b"<!-- late -->" if injection.kind == "change" else content[: len(content) // 2])
    return True


def _replace_manifest(injection: Injection, root: Path) -> bool:
    """Replace the manifest by one without its last line."""
    manifest = root / "raw" / "manifest.csv"
    new_manifest = root / "raw" / ".manifest.csv"
    new_manifest.write_text("".join(manifest.read_text(encoding="utf-8").splitlines(True)[:-1]), encoding="utf-8")
    new_manifest.replace(manifest)
    return True


def _shift_clock(injection: Injection, _root: Path) -> bool:
    """Shift the time that the run reads, also for the ledger."""
    from pipeline.job import recorder

    real, real_ns = time.time, time.time_ns
    time.time = lambda: real() + injection.value
    time.time_ns = lambda: real_ns() + int(injection.value * 1e9)
    recorder.now = lambda: datetime.fromtimestamp(int(time.time()), UTC)
    return True


def _do_nothing(_injection: Injection, _root: Path) -> bool:
    return True


ACTIONS: dict[str, Callable[[Injection, Path], bool]] = {
    "kill": _do_nothing, "once": _do_nothing, "child": _kill_child, "change": _change_report,
    "truncate": _change_report, "remove": _change_report, "manifest": _replace_manifest, "clock": _shift_clock,
    "size": _do_nothing,
}  # fmt: skip


def run_with_injection(root: Path, injection: Injection, log: Path) -> None:
    """Run the job in this process with an injection, and exit. The output and the number of events go to files."""
    from pipeline.cli.run import run_and_report
    from pipeline.core.paths import Data
    from pipeline.job.plan import RunOptions

    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    fork_children()
    counter = EventCounter(root, injection)
    _add_event_inside_writes()
    sys.addaudithook(counter.count_event)
    if injection.kind == "size":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(injection.value), int(injection.value)))
    code = run_and_report(Data(root), RunOptions(wait_seconds=injection.wait_seconds), quiet=True)
    log.with_suffix(".count").write_text(str(counter.count), encoding="utf-8")
    sys.stdout.flush()
    sys.exit(code)


def fork_children() -> None:
    """Fork the children from the server too: importing Great Expectations takes longer than all the rest."""
    real = multiprocessing.get_context
    multiprocessing.get_context = lambda method=None: real("forkserver")  # type: ignore[assignment]
    vars(multiprocessing.forkserver)["_forkserver"].ensure_running = lambda: None


def _add_event_inside_writes() -> None:
    """Write files in two halves with an event between them, so that a fault can be injected inside a file."""

    def write_bytes(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
            file.flush()
            sys.audit("half", os.fspath(path))
            file.write(content[len(content) // 2 :])
        return len(content)

    def write_text(path: Path, content: str, encoding: str = "utf-8", **_: object) -> int:
        return write_bytes(path, content.encode(encoding))

    Path.write_bytes = write_bytes  # type: ignore[assignment,method-assign]
    Path.write_text = write_text  # type: ignore[method-assign,assignment]
