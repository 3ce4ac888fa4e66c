"""The faults: each is a trial of its own, with a moment between 0 and 1 and a seed; it returns what was seen, in a few
words, and raises Broken where something does not hold.
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
from support.trials import PAGE, Broken, Ended, World, answers, check, copy, finish, run, settle, start

DAY = 86_400.0
Fault = Callable[[World, Path, float, random.Random], str]


class Skipped(Exception):
    """This machine cannot have the fault."""


def disturbed(world: World, root: Path, injection: Injection) -> Ended:
    """A disturbed run; A or B is published after it."""
    ended = run(root, injection)
    check(world, root, (world.first, world.second))
    return ended


def killed(world: World, folder: Path, moment: float, _random: random.Random) -> str:
    """kill -9 of the run at a file-system event."""
    root = copy(world.a, folder)
    ended = disturbed(world, root, Injection("kill", at=1 + int(moment * world.events)))
    settle(world, root, world.second)
    return f"killed in {ended.stage}" if ended.code < 0 else "ended before its moment"


def child_killed(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """kill -9 of a reading or the validating child."""
    root = copy(world.a, folder)
    ended = disturbed(world, root, Injection("child", at=1 + int(moment * world.events), seed=rng.randrange(10**6)))
    settle(world, root, world.second)
    return f"exit code {ended.code}"


def no_space(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """ENOSPC at a write, once or from then on."""
    root = copy(world.a, folder)
    ended = disturbed(world, root, Injection(rng.choice(("full", "once")), at=1 + int(moment * world.writes)))
    settle(world, root, world.second)
    return f"exit code {ended.code}"


def file_size(world: World, folder: Path, moment: float, _random: random.Random) -> str:
    """No file may grow beyond a size (RLIMIT_FSIZE)."""
    root = copy(world.a, folder)
    ended = disturbed(world, root, Injection("size", value=4096 * 256**moment))
    settle(world, root, world.second)
    return f"exit code {ended.code}"


def small_disk(world: World, folder: Path, moment: float, _random: random.Random) -> str:
    """A file system of its own that is nearly full."""
    used = sum(p.lstat().st_blocks for p in world.a.rglob("*")) * 512
    size = int(used * (1.02 + 1.2 * moment)) // 4096 * 4096
    with mounted(folder, size):
        root = copy(world.a, folder)
        log = folder.parent / f"{folder.name}-log"
        log.mkdir()
        ended = finish(start(root, Injection(), f"../{log.name}/log"), root, f"../{log.name}/log")
        check(world, root, (world.first, world.second))
        remounted = subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=False)
        if remounted.returncode:
            raise Skipped("remount")
        settle(world, root, world.second)
    return f"exit code {ended.code}"


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[None]:
    """A tmpfs. Raises Skipped where it cannot be mounted."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "faults", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        raise Skipped("tmpfs cannot be mounted")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def read_only(world: World, folder: Path, moment: float, _random: random.Random) -> str:
    """A folder that cannot be written."""
    root = copy(world.a, folder)
    places = (root, root / "versions", root / "curated", root / "ledger", root / "data_docs", root / "versions" / "*")
    place = places[int(moment * len(places))]
    place = next(root.glob("versions/????????????????")) if place.name == "*" else place
    with locked(place):
        ended = disturbed(world, root, Injection())
    settle(world, root, world.second)
    return f"{place.name if place.parent.name != 'versions' else 'versions/A'}: exit code {ended.code}"


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """The folder takes nothing: `chattr +i` for root, whom no mode holds back, else no right to write."""
    root = os.geteuid() == 0
    if root and subprocess.run(["chattr", "+i", str(place)], capture_output=True, check=False).returncode:
        raise Skipped("chattr +i does not work here")
    mode = place.stat().st_mode
    if not root:
        place.chmod(0o555)
    try:
        yield
    finally:
        if root:
            subprocess.run(["chattr", "-i", str(place)], check=False)
        else:
            place.chmod(mode)


def corrupt(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """A file of the published snapshot is not what it was, before a run that builds and before one that would not."""
    root = copy(world.a, folder)
    wanted = rng.choice((world.first, world.second))
    if wanted == world.first:
        (root / "raw" / PAGE).write_bytes(world.old_page)
    names = [*sorted(world.files[world.first]), snapshot.RECORD, "current", "../../.seen"]
    name = names[int(moment * len(names))]
    how = spoil(root, name, rng)
    ended = run(root)
    if ended.code not in (0, 1):
        raise Broken(f"{name} {how}: {ended.said[-300:]}")
    check(world, root, (wanted,))
    settle(world, root, wanted)
    return how


def spoil(root: Path, name: str, rng: random.Random) -> str:
    """Damage a file; returns how."""
    if name == "current":
        (root / "curated" / "current").unlink()
        (root / "curated" / "current").symlink_to("../versions/nothing")
        return "dangling"
    path = (root / "curated" / "current").resolve() / name
    how = rng.choice(("truncated", "a bit flipped", "emptied", "removed", "garbage"))
    content = path.read_bytes()
    place = rng.randrange(len(content))
    flipped = content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]
    if name.endswith(".json") and how == "a bit flipped":
        how = "garbage"  # it has no check sum
    spoilt = {"truncated": content[:place], "a bit flipped": flipped, "emptied": b"", "garbage": rng.randbytes(999)}
    path.unlink() if how == "removed" else path.write_bytes(spoilt[how])
    return how


def spoilt_ledger(world: World, folder: Path, _moment: float, rng: random.Random) -> str:
    """The ledger cannot be read: what is published does not depend on it."""
    root = copy(world.a, folder)
    path = root / "ledger" / rng.choice(("runs.parquet", "runs.jsonl"))
    before = path.read_bytes() if path.exists() else b"{}"
    path.write_bytes(rng.choice((b"", before[: rng.randrange(len(before))], rng.randbytes(200), b"[]\n", b"{}\n")))
    ended = run(root)
    if ended.code != 1:
        raise Broken(f"{path.name}: {ended.said[-300:]}")
    settle(world, root, world.second, with_ledger=False)
    return f"{path.name}: published"


def clock(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """The clock jumps between two runs and within one; a page changes to the same size and is given its old times."""
    root = copy(world.a, folder)
    page = root / "raw" / PAGE
    new, told = page.read_bytes(), page.stat()
    page.write_bytes(world.old_page.ljust(len(new)))
    jumps = [s * d * DAY for s in (1, -1) for d in (1, 365)]
    for path in (root / "versions").iterdir():
        moved = path.stat().st_mtime + rng.choice(jumps)
        os.utime(path, (moved, moved))
    run(root, Injection("clock", at=1, value=rng.choice(jumps)))
    page.write_bytes(new)
    os.utime(page, ns=(told.st_atime_ns, told.st_mtime_ns))
    ended = run(root, Injection("clock", at=1 + int(moment * world.events), value=rng.choice(jumps)))
    check(world, root, (world.second,))
    settle(world, root, world.second)
    return f"exit code {ended.code}"


def moving_input(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """A report changes, is cut short or goes, or the manifest is replaced, while the run is under way; then it is again
    what it was.
    """
    root = copy(world.a, folder)
    kind = rng.choice(("change", "truncate", "remove", "manifest"))
    held = {p: p.read_bytes() for p in (root / "raw").rglob("*") if p.is_file()}
    ended = run(root, Injection(kind, at=1 + int(moment * world.events), seed=rng.randrange(10**6)))
    data = Data(root)
    record = snapshot.published(data)
    if record is None or snapshot.file_hashes(data.current.resolve(), {}) != dict(record.files):
        raise Broken(f"{kind}: what is published is not whole")
    answers(data)
    for path, content in held.items():
        path.write_bytes(content)
    settle(world, root, world.second)
    return f"{kind}: exit code {ended.code}"


def together(world: World, folder: Path, moment: float, rng: random.Random) -> str:
    """Two to four runs at once, some killed, and a reader that asks all the while."""
    root = copy(world.a, folder)
    strikes = [Injection("kill", at=1 + int(moment * world.events)) if rng.random() < 0.3 else Injection()]
    strikes += [Injection(wait=rng.choice((0, 60))) for _ in range(rng.randrange(1, 4))]
    running = [start(root, strike, f"log{i}") for i, strike in enumerate(strikes)]
    seen = watch(world, root, lambda: any(p.is_alive() for p in running))
    ended = [finish(p, root, f"log{i}") for i, p in enumerate(running)]
    built = sum('"changed": true' in e.said for e in ended)
    refused = sum(e.code == 3 and "另一个" in e.said for e in ended)
    if built > 1 or any(e.code not in (-9, 1, 3) for e in ended) or refused != sum(e.code == 3 for e in ended):
        raise Broken(f"{built} built; {[e.code for e in ended]}")
    if built == 0 and all(e.code >= 0 for e in ended):
        raise Broken("none built")
    check(world, root, (world.first, world.second))
    settle(world, root, world.second)
    return f"{len(running)} runs, {refused} refused, {seen} reads" if seen < 0 else f"{len(running)} runs"


def watch(world: World, root: Path, under_way: Callable[[], bool]) -> int:
    """Ask until the runs have ended; each answer is that of A or of B. Returns how often."""
    count, pause = 0, threading.Event()
    while under_way():
        if answers(Data(root)) not in world.answers.values():
            raise Broken("a reader saw a mixture")
        count += 1
        pause.wait(0.05)
    return count


FAULTS: dict[str, Fault] = {
    "killed": killed, "child_killed": child_killed, "no_space": no_space, "file_size": file_size,
    "small_disk": small_disk, "read_only": read_only, "corrupt": corrupt, "spoilt_ledger": spoilt_ledger,
    "clock": clock, "moving_input": moving_input, "together": together,
}  # fmt: skip
