"""The difference between two snapshots: what a person changed is listed, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.project import current_snapshot, file_contents, ogi_here, replace_in_report, run_here

from pipeline.publish.snapshot_diff import compare
from pipeline.storage.partition import TableFiles
from pipeline.storage.snapshot import RECORD

pytestmark = pytest.mark.slow
CITY = "2019/411200.html"


@pytest.fixture(scope="module")
def changed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose second snapshot has one other number and one report less."""
    project = tmp_path_factory.mktemp("changed")
    shutil.copytree(built / "data", project / "data", symlinks=True)
    replace_in_report(project, CITY, ">251<", ">252<")
    (project / "data" / "raw" / "2018" / "411200-agriculture.txt").unlink()
    assert run_here(project) == 1
    return project


def snapshots(project: Path) -> tuple[Path, Path]:
    """Return the folders of the previous and the published snapshot."""
    after = current_snapshot(project)
    (before,) = [
        path for path in after.parent.iterdir() if path.is_dir() and path != after and (path / RECORD).exists()
    ]
    return before, after


def test_diff_counts_rows_and_lists_changed_values(changed: Path) -> None:
    comparison = compare(*snapshots(changed))
    tables = {change.table: (change.added, change.removed, change.amended) for change in comparison.tables}
    assert tables["cells"] == (0, 58, 1)
    assert tables["reports"] == (0, 0, 2)
    assert not tables.keys() & {"bodies", "regions", "crosswalk"}
    first = comparison.cells[0]
    assert (first["report_id"], first["cell"]) == (CITY, "applications/new/natural_person")
    assert (first["old_text"], first["new_text"], first["body"], first["year"]) == (
        "251",
        "252",
        "三门峡市人民政府",
        2019,
    )
    assert len(comparison.cells) == 59
    values = [(o["indicator"], o["applicant"], o["old_value"], o["new_value"]) for o in comparison.observations]
    assert ("applications.new", "natural_person", 251, 252) in values[:2]
    assert {o["new_value"] for o in comparison.observations if o["body_id"] == "411200-agriculture"} == {None}


def test_diff_of_the_reverse_order_is_the_reverse(changed: Path) -> None:
    before, after = snapshots(changed)
    there, back = compare(before, after), compare(after, before)
    assert [(c.table, c.removed, c.added, c.amended) for c in there.tables] == [
        (c.table, c.added, c.removed, c.amended) for c in back.tables
    ]


def test_snapshot_equals_itself(changed: Path) -> None:
    before, _ = snapshots(changed)
    comparison = compare(before, before)
    assert (list(comparison.tables), list(comparison.cells), list(comparison.observations)) == ([], [], [])


def test_snapshots_of_other_versions_are_compared_by_their_common_columns(changed: Path, tmp_path: Path) -> None:
    before, after = snapshots(changed)
    shutil.copytree(before, tmp_path / "old")
    for path in TableFiles(tmp_path / "old").paths("bodies"):
        pq.write_table(pq.read_table(path).drop_columns(["recognised"]), path.with_name("bodies-other.parquet"))
        path.unlink()
    (tmp_path / "old" / "due").rename(tmp_path / "old" / "earlier_name")
    tables = {change.table: change for change in compare(tmp_path / "old", after).tables}
    assert "bodies" not in tables
    assert tables["earlier_name"].removed == tables["due"].added > 50


def test_command_prints_a_table_or_a_changelog_and_changes_nothing(changed: Path) -> None:
    contents = file_contents(changed)
    before, after = (folder.name for folder in snapshots(changed))
    table = ogi_here(changed, "diff", "--lang", "en")
    assert table.returncode == 0, table.stderr
    assert f"Changes from snapshot {before} to {after}" in table.stdout
    assert "三门峡市人民政府 2019 2019/411200.html applications/new/natural_person: 251 → 252" in table.stdout
    assert "39 more; --all lists them." in table.stdout
    assert "more;" not in ogi_here(changed, "diff", "--all", "--lang", "en").stdout
    markdown = ogi_here(changed, "diff", before, str(changed / "data" / "versions" / after), "--format", "markdown")
    assert markdown.stdout.startswith(f"## 数据版本 {before} 至 {after} 的变化\n\n| 表 | 新增 | 删除 | 改动 |\n|---|")
    assert "| `cells` | 0 | 58 | 1 |" in markdown.stdout
    assert r"applications/new/natural\_person: 251 → 252" in markdown.stdout
    assert ogi_here(changed, "diff", before, after, "--format", "markdown").stdout == markdown.stdout
    assert file_contents(changed) == contents


def test_unknown_snapshot_is_wrong_usage(changed: Path, built: Path, project: Path) -> None:
    result = ogi_here(changed, "diff", "nowhere", "--lang", "en")
    assert result.returncode == 2
    assert current_snapshot(changed).name in result.stderr
    assert ogi_here(built, "diff").returncode == 2  # one snapshot only
    assert ogi_here(project, "diff").returncode == 2


def test_damaged_snapshot_is_one_message(changed: Path, tmp_path: Path) -> None:
    before, after = snapshots(changed)
    shutil.copytree(before, tmp_path / "old")
    TableFiles(tmp_path / "old").paths("cells", ["2019"])[0].write_bytes(b"x")
    result = ogi_here(changed, "diff", str(tmp_path / "old"), after.name, "--lang", "en")
    assert result.returncode == 3
    assert result.stderr.startswith("A snapshot is damaged and cannot be compared: ")
