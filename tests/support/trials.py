"""Trials: a small project with a published snapshot A and an input that asks for B; what must hold after a fault."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.core.paths import Data
from pipeline.job import ledger
from pipeline.storage import snapshot
from pipeline.storage.database import connect
from support.injection import MODULES, Injection, victim

ROOT = Path(__file__).resolve().parents[2]
YEARS = ("2023", "2024")
PAGE = "2024/320800.html"
SECONDS = 120
ASKED = (
    "SELECT report_id, sha256 FROM reports ORDER BY report_id",
    "SELECT count(*), sum(value) FROM cells",
    "SELECT count(*) FROM headline",
)


class Broken(AssertionError):
    """What must hold does not."""


@dataclass(frozen=True)
class Ended:
    """A run that ended: its exit code (negative: the signal), what it said, the event at which it was struck."""

    code: int
    said: str
    struck: int

    @property
    def stage(self) -> str:
        """The stage that it did not complete."""
        names = ("extract", "rollup", "validate", "publish", "end")
        return next((n for n in names if f'"stage": "{n}"' not in self.said), "after") if self.code < 0 else ""


@dataclass(frozen=True)
class World:
    """`a` has A published and B wanted; `files` and `answers` are those of undisturbed runs, by snapshot."""

    a: Path
    old_page: bytes
    first: str
    second: str
    files: dict[str, dict[str, str]]
    answers: dict[str, list[Any]]
    events: int
    writes: int


def start(root: Path, injection: Injection, name: str = "log") -> Any:
    """Start a run."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(MODULES)
    process = context.Process(target=victim, args=(root, injection, root.parent / f"{name}.txt"))
    process.start()
    return process


def finish(process: Any, root: Path, name: str = "log") -> Ended:
    """Wait for it. Raises Broken for one that does not end."""
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
        raise Broken("the run does not end")
    log = root.parent / f"{name}.txt"
    struck = log.with_suffix(".struck")
    number = int(struck.read_text(encoding="utf-8") or 0) if struck.exists() else 0
    ended = Ended(process.exitcode, log.read_text(encoding="utf-8", errors="replace"), number)
    if "Traceback" in ended.said:
        raise Broken(ended.said[ended.said.index("Traceback") :][-600:])
    return ended


def run(root: Path, injection: Injection | None = None) -> Ended:
    """A run from beginning to end."""
    return finish(start(root, injection or Injection()), root)


def world(folder: Path) -> World:
    """Make it."""
    root = folder / "a" / "data"
    for year in YEARS:
        shutil.copytree(ROOT / "data" / "raw" / year, root / "raw" / year)
    lines = (ROOT / "data" / "raw" / "manifest.csv").read_text(encoding="utf-8").splitlines(True)
    kept = [lines[0], *(line for line in lines if line.startswith(YEARS))]
    (root / "raw" / "manifest.csv").write_text("".join(kept), encoding="utf-8")
    if run(root).code != 0:
        raise Broken("the first run failed")
    first, files, answers = state(root)
    page = root / "raw" / PAGE
    old = page.read_bytes()
    page.write_bytes(old.replace(b"</html>", b"<!-- B --></html>") if b"</html>" in old else old + b"<!-- B -->")
    other = copy(root, folder / "b")
    run(other)
    second, more, others = state(other)
    events = int((other.parent / "log.count").read_text(encoding="utf-8"))
    third = copy(root, folder / "c")
    run(third, Injection("full", at=10**9))
    writes = int((third.parent / "log.count").read_text(encoding="utf-8"))
    if first == second or state(third)[:2] != (second, more):
        raise Broken("two undisturbed runs differ")
    return World(
        root, old, first, second, {first: files, second: more}, {first: answers, second: others}, events, writes
    )


def copy(root: Path, to: Path) -> Path:
    """A copy of a data folder in the folder `to`."""
    shutil.copytree(root, to / "data", symlinks=True)
    return to / "data"


def state(root: Path) -> tuple[str, dict[str, str], list[Any]]:
    """The published snapshot: its id, the hashes of its files as they are, what it answers. Raises Broken."""
    data = Data(root)
    record = snapshot.published(data)
    if record is None:
        raise Broken("nothing whole is published")
    files = snapshot.file_hashes(data.current.resolve(), {})
    if files != dict(record.files) or data.current.resolve().name != record.id:
        raise Broken(f"{record.id} is not what its record says")
    return record.id, files, answers(data)


def answers(data: Data) -> list[Any]:
    """What the published snapshot answers."""
    with connect(data) as connection:
        return [connection.execute(sql).fetchall() for sql in ASKED]


def check(world: World, root: Path, allowed: Iterable[str], *, with_ledger: bool = True) -> str:
    """The published snapshot is one of these, to the byte; the ledger can be read. Returns its id. Raises Broken."""
    found, files, told = state(root)
    if found not in allowed:
        raise Broken(f"{found} is published")
    if files != world.files[found] or told != world.answers[found]:
        differing = sorted(n for n in files.keys() | world.files[found] if files.get(n) != world.files[found].get(n))
        raise Broken(f"{found} differs from an undisturbed one: {differing[:3]}")
    if with_ledger:
        ledger.read_runs(Data(root))
        ledger.read_revisions(Data(root))
    return found


def settle(world: World, root: Path, wanted: str, *, with_ledger: bool = True) -> None:
    """The next undisturbed run publishes this and leaves nothing half built; one more changes nothing."""
    ended = run(root)
    if ended.code not in (0, 1):
        raise Broken(f"the next run ended with {ended.code}: {ended.said[-300:]}")
    check(world, root, (wanted,), with_ledger=with_ledger)
    for path in Data(root).versions.iterdir():
        if path.is_symlink() or (path.is_dir() and not os.path.isfile(path / snapshot.RECORD)):  # noqa: PTH113
            raise Broken(f"{path.name} is left")
