"""Each fault of `benchmarks/faults.py` once: what is published stays whole and the next run completes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.faultlist import FAULTS, Skipped, spoil
from support.injection import Injection
from support.trials import PAGE, World, check, copy, run, settle, world

from pipeline.core.paths import Data
from pipeline.job import ledger
from pipeline.job.run import roll_back
from pipeline.storage import snapshot

MOMENTS = {"killed": (0.1, 0.55, 0.97), "child_killed": (0.05,)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize(("name", "moment"), [(n, m) for n in FAULTS for m in MOMENTS.get(n, (0.4,))])
def test_a_fault_leaves_the_published_snapshot_whole(made: World, tmp_path: Path, name: str, moment: float) -> None:
    try:
        FAULTS[name](made, tmp_path / name, moment, random.Random(2019))
    except Skipped as why:
        pytest.skip(str(why))


def test_a_damaged_file_is_not_taken_over_nor_told_of_as_unchanged(made: World, tmp_path: Path) -> None:
    """A bit flipped in what would be linked into the next snapshot, and in what would be published already."""
    root = copy(made.a, tmp_path)
    lasting = next(n for n in sorted(made.files[made.first]) if n in made.files[made.second] and "reports/" in n)
    spoil(root, lasting, random.Random(1))
    ended = run(root)
    assert '"stage": "damaged"' in ended.said
    check(made, root, (made.second,))
    again = sorted(made.files[made.second])[0]
    (Data(root).current.resolve() / again).write_bytes(b"PAR1")
    settle(made, root, made.second)


def test_nothing_damaged_is_rolled_back_to(made: World, tmp_path: Path) -> None:
    root = copy(made.a, tmp_path)
    assert run(root).code == 1
    name = sorted(made.files[made.first])[0]
    path = root / "versions" / made.first / name
    path.unlink()  # the two snapshots may share it
    path.write_bytes(b"PAR1")
    with pytest.raises(LookupError):
        roll_back(Data(root), made.first)


@pytest.mark.parametrize("kind", ["change", "remove"])
def test_a_report_that_was_otherwise_for_a_moment_is_read_again(made: World, tmp_path: Path, kind: str) -> None:
    """It is quarantined, under another id: the next run finds the bytes as planned and publishes what it would have."""
    root = copy(made.a, tmp_path)
    page = root / "raw" / PAGE
    content = page.read_bytes()
    seed = next(s for s in range(99) if random.Random(s).choice(sorted((root / "raw").glob("*/*.html"))) == page)
    ended = run(root, Injection(kind, at=1, seed=seed, place="/versions/"))  # the first thing after planning
    assert ended.code == 1
    record = snapshot.published(Data(root))
    assert record is not None
    assert record.summary["quarantined"] == 1
    assert record.id not in (made.first, made.second)
    page.write_bytes(content)
    settle(made, root, made.second)


def test_a_damaged_ledger_is_told_of(made: World, tmp_path: Path) -> None:
    root = copy(made.a, tmp_path)
    (root / "ledger" / "runs.parquet").write_bytes(b"PAR1")
    assert "运行记录没有写成" in run(root).said
    (root / "ledger" / "runs.parquet").unlink()
    (root / "ledger" / "runs.jsonl").write_bytes(b"\xff\n{}\n[]\n")
    assert ledger.read_runs(Data(root)) == []
