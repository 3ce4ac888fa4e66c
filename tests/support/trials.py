"""A small project with a published snapshot A and an input that leads to snapshot B, and the checks after a fault."""

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
from support.injection import MODULES, Injection, run_with_injection

ROOT = Path(__file__).resolve().parents[2]
YEARS = ("2023", "2024")
PAGE = "2024/320800.html"
TIMEOUT_SECONDS = 120
QUERIES = (
    "SELECT report_id, sha256 FROM reports ORDER BY report_id",
    "SELECT count(*), sum(value) FROM cells",
    "SELECT count(*) FROM headline",
)


class Broken(AssertionError):
    """A condition that must hold after a fault does not hold."""


@dataclass(frozen=True)
class RunResult:
    """The end of a run: its exit code (the negative signal of a killed run) and its output."""

    code: int
    output: str

    @property
    def stage(self) -> str:
        """The first stage that a killed run did not complete; '' for other runs."""
        names = ("extract", "rollup", "validate", "publish", "end")
        return next((n for n in names if f'"stage": "{n}"' not in self.output), "after") if self.code < 0 else ""


@dataclass(frozen=True)
class World:
    """The prepared project and the results of undisturbed runs.

    `root` is a data folder with A published and the input of B. `old_page` is the content of PAGE in the input of A.
    `first` and `second` are the ids of A and B; `files` (hash by name) and `answers` are by snapshot id. `events` and
    `writes` count the events of a run from A to B.
    """

    root: Path
    old_page: bytes
    first: str
    second: str
    files: dict[str, dict[str, str]]
    answers: dict[str, list[Any]]
    events: int
    writes: int


def start_run(root: Path, injection: Injection, name: str = "log") -> Any:
    """Start a run in a process of its own; its output goes to `<name>.txt` next to the data folder."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(MODULES)
    process = context.Process(target=run_with_injection, args=(root, injection, root.parent / f"{name}.txt"))
    process.start()
    return process


def finish_run(process: Any, root: Path, name: str = "log") -> RunResult:
    """Wait for a run. Raises Broken if it does not end or prints a traceback."""
    process.join(TIMEOUT_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
        raise Broken("the run does not end")
    log = root.parent / f"{name}.txt"
    result = RunResult(process.exitcode, log.read_text(encoding="utf-8", errors="replace"))
    if "Traceback" in result.output:
        raise Broken(result.output[result.output.index("Traceback") :][-600:])
    return result


def run(root: Path, injection: Injection | None = None) -> RunResult:
    """Run the job in a data folder and wait for its end."""
    return finish_run(start_run(root, injection or Injection()), root)


def world(folder: Path) -> World:
    """Build the prepared project in `folder`, and run it undisturbed. Raises Broken if these runs fail or differ."""
    root = folder / "a" / "data"
    for year in YEARS:
        shutil.copytree(ROOT / "data" / "raw" / year, root / "raw" / year)
    lines = (ROOT / "data" / "raw" / "manifest.csv").read_text(encoding="utf-8").splitlines(True)
    lines_of_years = [lines[0], *(line for line in lines if line.startswith(YEARS))]
    (root / "raw" / "manifest.csv").write_text("".join(lines_of_years), encoding="utf-8")
    if run(root).code != 0:
        raise Broken("the first run failed")
    first, first_files, first_answers = published_state(root)
    page = root / "raw" / PAGE
    old = page.read_bytes()
    page.write_bytes(old.replace(b"</html>", b"<!-- B --></html>") if b"</html>" in old else old + b"<!-- B -->")
    second_root = copy_data(root, folder / "b")
    run(second_root)
    second, second_files, second_answers = published_state(second_root)
    events = int((second_root.parent / "log.count").read_text(encoding="utf-8"))
    repeat_root = copy_data(root, folder / "c")
    run(repeat_root, Injection("full", event_number=10**9))
    writes = int((repeat_root.parent / "log.count").read_text(encoding="utf-8"))
    if first == second or published_state(repeat_root)[:2] != (second, second_files):
        raise Broken("two undisturbed runs differ")
    files = {first: first_files, second: second_files}
    answers_by_snapshot = {first: first_answers, second: second_answers}
    return World(root, old, first, second, files, answers_by_snapshot, events, writes)


def copy_data(root: Path, to: Path) -> Path:
    """Copy a data folder to `to`/data; return the copy."""
    shutil.copytree(root, to / "data", symlinks=True)
    return to / "data"


def published_state(root: Path) -> tuple[str, dict[str, str], list[Any]]:
    """Return id, actual file hashes and query results of the published snapshot. Raises Broken if it is damaged."""
    data = Data(root)
    record = snapshot.published(data)
    if record is None:
        raise Broken("no intact snapshot is published")
    files = snapshot.file_hashes(data.current.resolve(), {})
    if files != dict(record.files) or data.current.resolve().name != record.id:
        raise Broken(f"{record.id} differs from its record")
    return record.id, files, query_published(data)


def query_published(data: Data) -> list[Any]:
    """Return the rows of each of QUERIES in the published snapshot."""
    with connect(data) as connection:
        return [connection.execute(sql).fetchall() for sql in QUERIES]


def check_published(world: World, root: Path, allowed: Iterable[str], *, with_ledger: bool = True) -> str:
    """Check that the published snapshot is one of the allowed ids, equal to an undisturbed one, and return its id.

    `with_ledger` also requires a readable ledger. Raises Broken.
    """
    id_, files, rows = published_state(root)
    expected = world.files.get(id_, {})
    if id_ not in allowed:
        raise Broken(f"{id_} is published")
    if files != expected or rows != world.answers[id_]:
        differing = sorted(n for n in files.keys() | expected.keys() if files.get(n) != expected.get(n))
        raise Broken(f"{id_} differs from an undisturbed one: {differing[:3]}")
    if with_ledger:
        ledger.read_runs(Data(root))
        ledger.read_revisions(Data(root))
    return id_


def check_next_run(world: World, root: Path, expected: str, *, with_ledger: bool = True) -> None:
    """Check that an undisturbed run publishes `expected` and leaves no unfinished folder. Raises Broken."""
    result = run(root)
    if result.code not in (0, 1):
        raise Broken(f"the next run ended with {result.code}: {result.output[-300:]}")
    check_published(world, root, (expected,), with_ledger=with_ledger)
    for path in Data(root).versions.iterdir():
        if path.is_symlink() or (path.is_dir() and not os.path.isfile(path / snapshot.RECORD)):  # noqa: PTH113
            raise Broken(f"{path.name} is left")
