"""A run that is disturbed at an exact moment: it counts what it does to the files of its data folder.

The run is a process of its own, forked by a server that has the libraries loaded, and so are its children. It counts
the audit events of Python below the data folder and, beside them, the middle of every file that Python writes.
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

HEARD = {"open", "os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "os.scandir", "half"}
WRITING = {"os.rename", "os.link", "os.symlink", "os.mkdir", "half"}
MODULES = ["pipeline.cli.run", "pipeline.job.build", "pipeline.cli.status", "pandas", "great_expectations", __name__]


@dataclass(frozen=True)
class Injection:
    """What happens at the event of number `at`: kill, child, full, once, change, truncate, remove, manifest, clock."""

    kind: str = ""
    at: int = 0
    value: float = 0  # the bytes that a file may have, the seconds that the clock is wrong by
    seed: int = 0
    wait: float = 0
    place: str = ""  # only what happens there counts


class Events:
    """Counts, and strikes when the moment has come."""

    def __init__(self, root: Path, injection: Injection, log: Path) -> None:
        self._root, self._injection, self._log = os.fspath(root), injection, log
        self._lock, self._busy = threading.Lock(), threading.local()
        self._struck = False
        self.count = 0

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook."""
        if event not in HEARD or getattr(self._busy, "so", False) or not self._below(arguments):
            return
        writing = event in WRITING or (event == "open" and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR)))
        if self._injection.kind in ("full", "once") and not writing:
            return
        with self._lock:
            self.count += 1
            number = self.count
        self._busy.so = True
        try:
            self._due(number)
        finally:
            self._busy.so = False

    def _below(self, arguments: tuple[Any, ...]) -> bool:
        paths = [os.fspath(a) for a in arguments[:2] if isinstance(a, (str, os.PathLike))]
        return any(p.startswith(self._root) and self._injection.place in p for p in paths if isinstance(p, str))

    def _due(self, number: int) -> None:
        kind = self._injection.kind
        if kind == "full" and number >= self._injection.at:
            self._told(number)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if not kind or self._struck or number < self._injection.at:
            return
        self._struck = STRIKES[kind](self._injection, Path(self._root))
        if self._struck:
            self._told(number)
        if kind == "once":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)

    def _told(self, number: int) -> None:
        self._log.with_suffix(".struck").write_text(str(number), encoding="utf-8")


def _child(injection: Injection, _root: Path) -> bool:
    """Kill a child; not yet, where there is none."""
    children = multiprocessing.active_children()
    if children:
        pid = random.Random(injection.seed).choice(sorted(c.pid or 0 for c in children))
        os.kill(pid, signal.SIGKILL)
    return bool(children)


def _report(injection: Injection, root: Path) -> bool:
    """Change, truncate or remove a report."""
    path = random.Random(injection.seed).choice(sorted((root / "raw").glob("*/*.html")))
    content = path.read_bytes()
    if injection.kind == "remove":
        path.unlink()
    else:
        path.write_bytes(content + b"<!-- late -->" if injection.kind == "change" else content[: len(content) // 2])
    return True


def _manifest(injection: Injection, root: Path) -> bool:
    """A manifest without its last line takes the place of the manifest."""
    manifest = root / "raw" / "manifest.csv"
    beside = root / "raw" / ".manifest.csv"
    beside.write_text("".join(manifest.read_text(encoding="utf-8").splitlines(True)[:-1]), encoding="utf-8")
    beside.replace(manifest)
    return True


def _clock(injection: Injection, _root: Path) -> bool:
    """All that asks for the time is told another."""
    from pipeline.job import recorder

    real, real_ns = time.time, time.time_ns
    time.time = lambda: real() + injection.value
    time.time_ns = lambda: real_ns() + int(injection.value * 1e9)
    recorder.now = lambda: datetime.fromtimestamp(int(time.time()), UTC)
    return True


def _nothing(_injection: Injection, _root: Path) -> bool:
    return True


STRIKES: dict[str, Callable[[Injection, Path], bool]] = {
    "kill": _nothing, "once": _nothing, "child": _child, "change": _report, "truncate": _report, "remove": _report,
    "manifest": _manifest, "clock": _clock, "size": _nothing,
}  # fmt: skip


def victim(root: Path, injection: Injection, log: Path) -> None:
    """A run, from its beginning to its end or to what is done to it."""
    from pipeline.cli.run import run_and_report
    from pipeline.core.paths import Data
    from pipeline.job.plan import RunOptions

    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    _fork_children()
    events = Events(root, injection, log)
    _halve_writes()
    sys.addaudithook(events.hear)
    if injection.kind == "size":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(injection.value), int(injection.value)))
    code = run_and_report(Data(root), RunOptions(wait_seconds=injection.wait), quiet=True)
    log.with_suffix(".count").write_text(str(events.count), encoding="utf-8")
    sys.stdout.flush()
    sys.exit(code)


def _fork_children() -> None:
    """Guarded children come from the server too: the import of Great Expectations costs more than all else."""
    real = multiprocessing.get_context
    multiprocessing.get_context = lambda method=None: real("forkserver")  # type: ignore[assignment]
    vars(multiprocessing.forkserver)["_forkserver"].ensure_running = lambda: None


def _halve_writes() -> None:
    """A file that is written at once has a middle."""

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
