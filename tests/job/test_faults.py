"""Inject each fault of `benchmarks/faults.py` once: the published snapshot stays intact, the next run completes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.faultlist import FAULTS, Skipped, damage_file
from support.injection import Injection
from support.trials import PAGE, World, check_next_run, check_published, copy_data, run, world

from pipeline.core.paths import Data
from pipeline.job import ledger
from pipeline.job.run import roll_back
from pipeline.storage import snapshot

pytestmark = pytest.mark.slow

MOMENTS = {"killed": (0.1, 0.55, 0.97), "child_killed": (0.05,)}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the project of all trials; each trial copies it."""
    return world(tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize(("name", "moment"), [(n, m) for n in FAULTS for m in MOMENTS.get(n, (0.4,))])
def test_fault_leaves_the_published_snapshot_intact(prepared: World, tmp_path: Path, name: str, moment: float) -> None:
    try:
        FAULTS[name](prepared, tmp_path / name, moment, random.Random(2019))
    except Skipped as reason:
        pytest.skip(str(reason))


def test_damaged_file_is_neither_reused_nor_reported_as_unchanged(prepared: World, tmp_path: Path) -> None:
    """Damage a file that the next snapshot would reuse, then a file of a snapshot that is already published."""
    root = copy_data(prepared.root, tmp_path)
    reused_file = next(
        n for n in sorted(prepared.files[prepared.first]) if n in prepared.files[prepared.second] and "reports/" in n
    )
    damage_file(root, reused_file, random.Random(1))
    result = run(root)
    assert '"stage": "damaged"' in result.output
    check_published(prepared, root, (prepared.second,))
    published_file = sorted(prepared.files[prepared.second])[0]
    (Data(root).current.resolve() / published_file).write_bytes(b"PAR1")
    check_next_run(prepared, root, prepared.second)


def test_damaged_snapshot_is_not_rolled_back_to(prepared: World, tmp_path: Path) -> None:
    root = copy_data(prepared.root, tmp_path)
    assert run(root).code == 1
    name = sorted(prepared.files[prepared.first])[0]
    path = root / "versions" / prepared.first / name
    path.unlink()  # the two snapshots may share it
    path.write_bytes(b"PAR1")
    with pytest.raises(LookupError):
        roll_back(Data(root), prepared.first)


@pytest.mark.parametrize("kind", ["change", "remove"])
def test_report_changed_during_a_run_is_read_again(prepared: World, tmp_path: Path, kind: str) -> None:
    """The disturbed run quarantines the report, under another snapshot id.

    The next run finds the original content and publishes the same snapshot as an undisturbed run.
    """
    root = copy_data(prepared.root, tmp_path)
    page = root / "raw" / PAGE
    content = page.read_bytes()
    seed = next(s for s in range(99) if random.Random(s).choice(sorted((root / "raw").glob("*/*.html"))) == page)
    result = run(
        root, Injection(kind, event_number=1, seed=seed, path_part="/versions/")
    )  # the first event after planning
    assert result.code == 1
    record = snapshot.published(Data(root))
    assert record is not None
    assert record.summary["quarantined"] == 1
    assert record.id not in (prepared.first, prepared.second)
    page.write_bytes(content)
    check_next_run(prepared, root, prepared.second)


def test_damaged_ledger_is_reported(prepared: World, tmp_path: Path) -> None:
    root = copy_data(prepared.root, tmp_path)
    (root / "ledger" / "runs.parquet").write_bytes(b"PAR1")
    assert "运行记录没有写成" in run(root).output
    (root / "ledger" / "runs.parquet").unlink()
    (root / "ledger" / "runs.jsonl").write_bytes(b"\xff\n{}\n[]\n")
    assert ledger.read_runs(Data(root)) == []
