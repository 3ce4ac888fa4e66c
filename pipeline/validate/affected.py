"""The bodies and reports that a run affects: those with other rows than in a valid snapshot, and their lineages."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyarrow as pa

from pipeline.storage.dictionary import REGISTERS
from pipeline.storage.differences import Differences
from pipeline.storage.partition import TableFiles, select_from_files
from pipeline.storage.working import working_database

MAX_OWNERS = 10_000  # bodies and reports: a copy of their rows must fit into memory

_BODIES = """
    CREATE TABLE affected AS
    WITH direct AS (
        SELECT owner AS body_id FROM changed
        UNION
        SELECT r.body_id FROM all_reports AS r SEMI JOIN changed AS c ON c.owner = r.report_id
    ),

    lineages AS (
        SELECT b.lineage FROM bodies AS b SEMI JOIN direct AS d ON d.body_id = b.body_id
    )

    SELECT body_id AS owner FROM direct
    UNION
    SELECT b.body_id FROM bodies AS b SEMI JOIN lineages AS l ON l.lineage = b.lineage"""
_OWNERS = """
    SELECT owner FROM affected WHERE owner IS NOT NULL
    UNION
    SELECT r.report_id FROM all_reports AS r SEMI JOIN affected AS a ON a.owner = r.body_id"""


def find_affected(
    files: TableFiles, differences: Differences, tables: Collection[str], years: Collection[int]
) -> frozenset[str] | None:
    """Return the ids of what differs in these tables and years, None if that may be all or is too much to be copied.

    The owners of changed rows are affected, and all bodies of their lineages with their reports, also those of the year
    before, because a body is compared with its predecessors.
    """
    both = {str(year - back) for year in years for back in (0, 1)}
    changed: set[str] = set()
    for table in (*REGISTERS, *tables):
        for stem in (table,) if table in REGISTERS else both:
            owners = differences.changed_owners(files, table, stem)
            if owners is None or (owners and table in REGISTERS):
                return None
            changed |= owners
    affected = _with_lineages(files, differences.earlier, changed, both)
    return affected if len(affected) <= MAX_OWNERS else None


def _with_lineages(
    files: TableFiles, earlier: TableFiles, changed: Iterable[str], stems: Collection[str]
) -> frozenset[str]:
    reports = (select_from_files("reports", snapshot.paths("reports", stems)) for snapshot in (files, earlier))
    with working_database() as connection:
        connection.register("changed", pa.table({"owner": pa.array(sorted(changed), pa.string())}))
        connection.execute(f"CREATE VIEW bodies AS {select_from_files('bodies', files.paths('bodies'))}")
        connection.execute(f"CREATE VIEW all_reports AS {' UNION ALL '.join(reports)}")
        connection.execute(_BODIES)
        return frozenset(owner for (owner,) in connection.execute(_OWNERS).fetchall())
