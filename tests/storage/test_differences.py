"""Test which bodies and reports have other rows in one file than in another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.storage.differences import Differences, compare_files
from pipeline.storage.partition import TableFiles
from pipeline.storage.schema import conform, schema

PROPOSALS = [("a", "x/1/v", ["p"]), ("a", "x/2/v", ["p", "q"]), ("b", "x/1/v", None), ("c", "x/1/v", ["r"])]
Row = tuple[str | None, str, list[str] | None]


def write(folder: Path, rows: Sequence[Row]) -> list[Path]:
    lines = [{"report_id": r, "cell": c, "identities": i, "margin": 1} for r, c, i in rows]
    files = TableFiles(folder)
    files.write("proposals", "2020", conform("proposals", pa.Table.from_pylist(lines, schema("proposals"))))
    return files.paths("proposals")


@pytest.mark.parametrize(
    ("rows", "owners"),
    [
        (PROPOSALS, set()),
        ([*PROPOSALS[:3], ("c", "x/1/v", ["s"])], {"c"}),
        ([*PROPOSALS[:2], ("b", "x/1/v", ["r"]), PROPOSALS[3]], {"b"}),  # from null to a list
        ([("a", "x/1/v", ["p"]), ("a", "x/2/v", ["q", "p"]), *PROPOSALS[2:]], {"a"}),
        (PROPOSALS[1:], {"a"}),  # one row less
        (PROPOSALS[2:], {"a"}),
        ([*PROPOSALS, ("d", "x/1/v", None)], {"d"}),
        ([("aa", "x/1/v", None), *PROPOSALS[:2], PROPOSALS[3]], {"aa", "b"}),
        ([*PROPOSALS[:2], ("bb", "x/1/v", None), PROPOSALS[3]], {"b", "bb"}),  # as many rows as before
        ([*PROPOSALS, (None, "x/1/v", None)], None),
    ],
)
def test_owners_of_other_rows_are_found(tmp_path: Path, rows: Sequence[Row], owners: set[str] | None) -> None:
    before, after = write(tmp_path / "before", PROPOSALS), write(tmp_path / "after", rows)
    assert compare_files("proposals", before, after) == owners
    assert compare_files("proposals", after, before) == owners


def test_missing_file_has_no_rows_and_only_valid_files_are_compared(tmp_path: Path) -> None:
    write(tmp_path / "before", PROPOSALS)
    write(tmp_path / "after", PROPOSALS[1:])
    write(tmp_path / "same", PROPOSALS)
    before, after = TableFiles(tmp_path / "before"), TableFiles(tmp_path / "after")
    differences = Differences(before, list(before.names("proposals").values()))
    assert differences.changed_owners(after, "proposals", "2020") == frozenset("a")
    assert differences.changed_owners(TableFiles(tmp_path / "same"), "proposals", "2020") == frozenset()
    assert differences.changed_owners(TableFiles(tmp_path / "none"), "proposals", "2020") == frozenset("abc")
    assert differences.changed_owners(after, "proposals", "2021") == frozenset()
    assert Differences(before, ()).changed_owners(after, "proposals", "2020") is None
