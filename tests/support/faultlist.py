"""The faults. Each function injects one fault into a run, checks the published data, and returns a short result.

`moment` (0 to 1) is the position of the fault in the run. A function raises Broken if a condition does not hold, and
Skipped if this machine cannot have the fault. Its docstring is the column "action" of `docs/measured/faults.md`.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core.paths import Data
from pipeline.storage import snapshot
from support.injection import Injection
from support.trials import (
    PAGE,
    Broken,
    RunResult,
    World,
    check_next_run,
    check_published,
    copy_data,
    finish_run,
    query_published,
    run,
    start_run,
)

DAY_SECONDS = 86_400.0
Fault = Callable[[World, Path, float, random.Random], str]


class Skipped(Exception):
    """This machine cannot have the fault."""


def run_disturbed(world: World, root: Path, injection: Injection) -> RunResult:
    """Run with an injection, and check that A or B is published afterwards."""
    result = run(root, injection)
    check_published(world, root, (world.first, world.second))
    return result


def killed_run(world: World, folder: Path, moment: float, _random: random.Random) -> str:
    """kill -9 of the run at a file-system event."""
    root = copy_data(world.root, folder)
    result = run_disturbed(world, root, Injection("kill", event_number=1 + int(moment * world.events)))
    check_next_run(world, root, world.second)
    return f"killed in {result.stage}" if result.code < 0 else "ended before its moment"


def killed_child(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """kill -9 of a child that reads or validates."""
    root = copy_data(world.root, folder)
    result = run_disturbed(
        world, root, Injection("child", event_number=1 + int(moment * world.events), seed=rng.randrange(10**6))
    )
    check_next_run(world, root, world.second)
    return f"exit code {result.code}"


def full_disk(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """ENOSPC at a write, once or at all later writes too."""
    root = copy_data(world.root, folder)
    result = run_disturbed(
        world, root, Injection(rng.choice(("full", "once")), event_number=1 + int(moment * world.writes))
    )
    check_next_run(world, root, world.second)
    return f"exit code {result.code}"


def limited_file_size(world: World, folder: Path, moment: float, _random: random.Random) -> str:
    """A limit on the size of files (RLIMIT_FSIZE)."""
    root = copy_data(world.root, folder)
    result = run_disturbed(world, root, Injection("size", value=4096 * 256**moment))
    check_next_run(world, root, world.second)
    return f"exit code {result.code}"


def small_disk(world: World, folder: Path, moment: float, _random: random.Random) -> str:
    """The data folder on a file system that is almost full."""
    used = sum(p.lstat().st_blocks for p in world.root.rglob("*")) * 512
    size = int(used * (1.02 + 1.2 * moment)) // 4096 * 4096
    with mount_tmpfs(folder, size):
        root = copy_data(world.root, folder)
        log = folder.parent / f"{folder.name}-log"
        log.mkdir()
        result = finish_run(start_run(root, Injection(), f"../{log.name}/log"), root, f"../{log.name}/log")
        check_published(world, root, (world.first, world.second))
        remounted = subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=False)
        if remounted.returncode:
            raise Skipped("remount")
        check_next_run(world, root, world.second)
    return f"exit code {result.code}"


@contextmanager
def mount_tmpfs(folder: Path, size: int) -> Iterator[None]:
    """Mount a tmpfs of `size` bytes at a folder. Raises Skipped if that is impossible."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "faults", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        raise Skipped("tmpfs cannot be mounted")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def read_only_folder(world: World, folder: Path, moment: float, _random: random.Random) -> str:
    """A folder that cannot be written to."""
    root = copy_data(world.root, folder)
    names = ("data", "versions", "curated", "ledger", "data_docs", "versions/A")
    name = names[int(moment * len(names))]
    folder_to_lock = {"data": root, "versions/A": next(root.glob("versions/????????????????"))}.get(name, root / name)
    with write_protect(folder_to_lock):
        result = run_disturbed(world, root, Injection())
    check_next_run(world, root, world.second)
    return f"{name}: exit code {result.code}"


@contextmanager
def write_protect(folder: Path) -> Iterator[None]:
    """Make a folder read-only: by `chattr +i` for root, whom no file mode restricts, otherwise by its mode."""
    is_root = os.geteuid() == 0
    if is_root and subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False).returncode:
        raise Skipped("chattr +i does not work here")
    mode = folder.stat().st_mode
    if not is_root:
        folder.chmod(0o555)
    try:
        yield
    finally:
        if is_root:
            subprocess.run(["chattr", "-i", str(folder)], check=False)
        else:
            folder.chmod(mode)


def damaged_snapshot(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """A file of the published snapshot is damaged, before a run that builds and before a run with nothing to do."""
    root = copy_data(world.root, folder)
    expected = rng.choice((world.first, world.second))
    if expected == world.first:
        (root / "raw" / PAGE).write_bytes(world.old_page)
    names = [*sorted(world.files[world.first]), snapshot.RECORD, "current", "../../.scan_cache"]
    name = names[int(moment * len(names))]
    damage = damage_file(root, name, rng)
    result = run(root)
    if result.code not in (0, 1):
        raise Broken(f"{name} {damage}: {result.output[-300:]}")
    check_published(world, root, (expected,))
    check_next_run(world, root, expected)
    return damage


def damage_file(root: Path, name: str, rng: random.Random) -> str:
    """Damage a file of the published snapshot, or its link `current`; return the kind of damage."""
    if name == "current":
        (root / "curated" / "current").unlink()
        (root / "curated" / "current").symlink_to("../versions/nothing")
        return "dangling"
    path = (root / "curated" / "current").resolve() / name
    damage = rng.choice(("truncated", "a bit flipped", "emptied", "removed", "garbage"))
    content = path.read_bytes()
    position = rng.randrange(len(content))
    flipped = content[:position] + bytes([content[position] ^ 1 << rng.randrange(8)]) + content[position + 1 :]
    if name.endswith(".json") and damage == "a bit flipped":
        damage = "garbage"  # the file has no checksum
    contents = {
        "truncated": content[:position],
        "a bit flipped": flipped,
        "emptied": b"",
        "garbage": rng.randbytes(999),
    }
    path.unlink() if damage == "removed" else path.write_bytes(contents[damage])
    return damage


def damaged_ledger(world: World, folder: Path, _moment: float, rng: random.Random) -> str:
    """The ledger cannot be read; publishing does not depend on it."""
    root = copy_data(world.root, folder)
    path = root / "ledger" / rng.choice(("runs.parquet", "runs.jsonl"))
    before = path.read_bytes() if path.exists() else b"{}"
    path.write_bytes(rng.choice((b"", before[: rng.randrange(len(before))], rng.randbytes(200), b"[]\n", b"{}\n")))
    result = run(root)
    if result.code != 1:
        raise Broken(f"{path.name}: {result.output[-300:]}")
    check_next_run(world, root, world.second, with_ledger=False)
    return f"{path.name}: published"


def clock_jumps(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """The clock jumps between two runs and within one; a page changes but keeps its size and its times."""
    root = copy_data(world.root, folder)
    page = root / "raw" / PAGE
    new, status = page.read_bytes(), page.stat()
    page.write_bytes(world.old_page.ljust(len(new)))
    jumps = [s * d * DAY_SECONDS for s in (1, -1) for d in (1, 365)]
    for path in (root / "versions").iterdir():
        modified = path.stat().st_mtime + rng.choice(jumps)
        os.utime(path, (modified, modified))
    run(root, Injection("clock", event_number=1, value=rng.choice(jumps)))
    page.write_bytes(new)
    os.utime(page, ns=(status.st_atime_ns, status.st_mtime_ns))
    result = run(root, Injection("clock", event_number=1 + int(moment * world.events), value=rng.choice(jumps)))
    check_published(world, root, (world.second,))
    check_next_run(world, root, world.second)
    return f"exit code {result.code}"


def changing_input(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """During the run a report is changed, truncated or removed, or the manifest is replaced; afterwards the old content
    is restored.
    """
    root = copy_data(world.root, folder)
    kind = rng.choice(("change", "truncate", "remove", "manifest"))
    contents = {p: p.read_bytes() for p in (root / "raw").rglob("*") if p.is_file()}
    result = run(root, Injection(kind, event_number=1 + int(moment * world.events), seed=rng.randrange(10**6)))
    data = Data(root)
    record = snapshot.published(data)
    if record is None or snapshot.file_hashes(data.current.resolve(), {}) != dict(record.files):
        raise Broken(f"{kind}: the published snapshot is damaged")
    query_published(data)
    for path, content in contents.items():
        path.write_bytes(content)
    check_next_run(world, root, world.second)
    return f"{kind}: exit code {result.code}"


def simultaneous_runs(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """Two to four runs at the same time, some of them killed, and a reader that queries throughout."""
    root = copy_data(world.root, folder)
    injections = [Injection("kill", event_number=1 + int(moment * world.events)) if rng.random() < 0.3 else Injection()]
    injections += [Injection(wait_seconds=rng.choice((0, 60))) for _ in range(rng.randrange(1, 4))]
    running = [start_run(root, injection, f"log{i}") for i, injection in enumerate(injections)]
    reads = query_while(world, root, lambda: any(p.is_alive() for p in running))
    results = [finish_run(p, root, f"log{i}") for i, p in enumerate(running)]
    built = sum('"changed": true' in e.output for e in results)
    refused = sum(e.code == 3 and "另一个" in e.output for e in results)
    if built > 1 or any(e.code not in (-9, 1, 3) for e in results) or refused != sum(e.code == 3 for e in results):
        raise Broken(f"{built} built; {[e.code for e in results]}")
    if built == 0 and all(e.code >= 0 for e in results):
        raise Broken("none built")
    check_published(world, root, (world.first, world.second))
    check_next_run(world, root, world.second)
    return f"{len(running)} runs, {refused} refused, {reads} reads"


def query_while(world: World, root: Path, is_running: Callable[[], bool]) -> int:
    """Query the published data while the runs go on; return the number of queries.

    Raises Broken if the answers are neither those of A nor those of B.
    """
    count, pause = 0, threading.Event()
    while is_running():
        if query_published(Data(root)) not in world.answers.values():
            raise Broken("a reader saw a mixture")
        count += 1
        pause.wait(0.05)
    return count


# By the name of the fault in `docs/measured/faults.md`.
FAULTS: dict[str, Fault] = {
    "killed": killed_run, "child_killed": killed_child, "no_space": full_disk, "file_size": limited_file_size,
    "small_disk": small_disk, "read_only": read_only_folder, "corrupt": damaged_snapshot,
    "spoilt_ledger": damaged_ledger,
    "clock": clock_jumps, "moving_input": changing_input, "together": simultaneous_runs,
}  # fmt: skip
