"""Test the ledger: the record of each run, and the revisions of reports."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from support.project import ogi_here, replace_in_report, run_here

from pipeline.core.paths import Data
from pipeline.job import ledger
from pipeline.storage import snapshot

pytestmark = pytest.mark.slow

CITY = "2019/411200.html"


@pytest.fixture
def data(ready: Path) -> Data:
    """Return the data folder of the published project, without a ledger."""
    shutil.rmtree(ready / "data" / "ledger", ignore_errors=True)
    return Data(ready / "data")


def test_ledger_has_the_outcome_of_each_run(ready: Path, data: Data) -> None:
    first = snapshot.published(data)
    assert run_here(ready) == 0
    replace_in_report(ready, CITY, "<td>251</td><td>8</td>", "<td>252</td><td>8</td>")
    assert run_here(ready) == 1
    second = snapshot.published(data)
    assert first
    assert second
    unchanged, published = ledger.read_runs(data)
    assert (unchanged["outcome"], unchanged["exit_code"], unchanged["snapshot"]) == ("unchanged", 0, first.id)
    assert unchanged["stages"] == []
    assert (published["outcome"], published["exit_code"], published["previous"]) == ("published", 1, first.id)
    assert (published["snapshot"], published["read"], published["kept"]) == (second.id, 1, 61)
    assert (published["loaded"], published["errors"]) == (62, second.summary["errors"])
    assert {stage for stage, _ in published["stages"]} == {"extract", "rollup", "validate", "publish"}
    assert published["seconds"] >= sum(seconds for _, seconds in published["stages"]) > 0


@pytest.mark.parametrize("name", ["runs", "revisions"])
def test_damaged_ledger_is_reported_until_it_is_removed(ready: Path, data: Data, name: str) -> None:
    data.ledger.mkdir(exist_ok=True)
    (data.ledger / f"{name}.parquet").write_bytes(b"PAR1")
    history = ogi_here(ready, "history", "--lang", "zh")
    assert history.returncode == 3
    assert f"{name}.parquet" in history.stderr
    assert "移到别处" in history.stderr
    (data.ledger / f"{name}.parquet").unlink()
    assert ogi_here(ready, "history").returncode == 0


def test_replaced_report_is_kept_and_recorded_as_a_revision(ready: Path, data: Data, tmp_path: Path) -> None:
    old = (data.raw / CITY).read_bytes()
    new = tmp_path / "new.html"
    new.write_bytes(old.replace(b"<td>251</td><td>8</td>", b"<td>252</td><td>7</td>"))
    result = ogi_here(ready, "add", str(new), "--source", "更正", "--replace")
    assert result.returncode == 1, result.stderr  # the correction leaves errors of the same table
    (replaced_file,) = (data.replaced / "2019").iterdir()
    assert replaced_file.read_bytes() == old
    assert hashlib.sha256(old).hexdigest()[:12] in replaced_file.name
    assert run_here(ready) == 1
    revisions = {
        (r["report_id"], r["change"], r["cell"]): (r["old_text"], r["new_text"]) for r in ledger.read_revisions(data)
    }
    assert revisions == {
        (CITY, "changed", "applications/new/natural_person"): ("251", "252"),
        (CITY, "changed", "applications/new/business"): ("8", "7"),
    }
    history = ogi_here(ready, "history", CITY).stdout
    assert f"{CITY} applications/new/natural_person：251 → 252" in history
