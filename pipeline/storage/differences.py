"""Which bodies and reports have other rows than in an earlier snapshot, found by comparing the files of a table."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path

from pipeline.storage.dictionary import key
from pipeline.storage.partition import TableFiles, select_from_files
from pipeline.storage.schema import schema
from pipeline.storage.working import working_database

OWNERS = ("body_id", "report_id")  # a row belongs to the first column of its key, if it is one of these

_RESIZED = """
    CREATE TABLE resized AS
    SELECT coalesce(a.owner, b.owner) AS owner
    FROM (SELECT {owner} AS owner, count(*) AS count FROM after GROUP BY ALL) AS a
    FULL JOIN (SELECT {owner} AS owner, count(*) AS count FROM before GROUP BY ALL) AS b ON b.owner = a.owner
    WHERE a.count IS DISTINCT FROM b.count"""
_DIFFERENT = """
    SELECT DISTINCT unnest([a.{owner}, b.{owner}])
    FROM (SELECT * FROM after {kept}) AS a
    POSITIONAL JOIN (SELECT * FROM before {kept}) AS b
    WHERE {differs}"""


def owner_of(table: str) -> str | None:
    """Return the column with the body or report to which a row of a table belongs, None for other tables."""
    column = key(table)[0]
    return column if column in OWNERS else None


class Differences:
    """The bodies and reports with other rows than in an earlier snapshot. Two files are compared once.

    `valid` has the names of the earlier files that met their suites and the assertions.
    """

    def __init__(self, earlier: TableFiles, valid: Container[str]) -> None:
        self.earlier, self._valid = earlier, valid
        self._owners: dict[tuple[str | None, str | None], frozenset[str] | None] = {}

    def changed_owners(self, files: TableFiles, table: str, stem: str) -> frozenset[str] | None:
        """Return the bodies or reports with other rows in the file of a table with this stem.

        None means all of them: the earlier file is not valid, or the rows of the table belong to no body or report.
        """
        before, after = (snapshot.names(table).get(stem) for snapshot in (self.earlier, files))
        if before == after:
            return frozenset()
        if owner_of(table) is None or (before is not None and before not in self._valid):
            return None
        if (before, after) not in self._owners:
            paths = (snapshot.paths(table, [stem]) for snapshot in (self.earlier, files))
            self._owners[before, after] = compare_files(table, *paths)
        return self._owners[before, after]


def compare_files(table: str, before: Sequence[Path], after: Sequence[Path]) -> frozenset[str] | None:
    """Return the bodies or reports with other rows in some files of a table than in others, None if a row names none.

    The files are sorted by key. So without the bodies that have more or fewer rows, equal rows have equal positions.
    In files that are not sorted alike, more bodies differ, never fewer.
    """
    owner = owner_of(table)
    with working_database() as connection:
        for side, paths in (("before", before), ("after", after)):
            connection.execute(f"CREATE VIEW {side} AS {select_from_files(table, paths)}")
        connection.execute(_RESIZED.format(owner=owner))
        resized = connection.execute("SELECT owner FROM resized").fetchall()
        kept = f"WHERE {owner} NOT IN (SELECT owner FROM resized)" if resized else ""  # it doubles the time
        differs = " OR ".join(f'a."{column}" IS DISTINCT FROM b."{column}"' for column in schema(table).names)
        others = connection.execute(_DIFFERENT.format(owner=owner, kept=kept, differs=differs)).fetchall()
    owners = {owner for (owner,) in (*resized, *others)}
    return None if None in owners else frozenset(owners)
