"""The rows of the checks as findings."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipeline.storage.schema import schema


def as_findings(check: str) -> str:
    """The statement of a check with what a finding has beside: the difference, and the cells, which a check names in
    one text, apart by spaces. A finding stands once.
    """
    return f"""
        SELECT DISTINCT ON (report_id, identity, "place", note)
            * EXCLUDE (cells),
            list_filter(string_split(cells, ' '), lambda cell: cell <> '') AS cells,
            lhs - rhs AS difference
        FROM ({check})
        ORDER BY report_id, identity, "place", note, status, lhs, rhs"""


def findings(checked: Sequence[pa.Table]) -> pa.Table:
    """The rows of such statements as one table."""
    wanted = schema("findings")
    rows = (table.select(wanted.names).cast(wanted) for table in checked)
    return pa.concat_tables([wanted.empty_table(), *rows])
