"""The rows of the checks as findings."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipeline.tables import from_rows


def findings(compared: Sequence[pa.Table]) -> pa.Table:
    """The rows of all checks as findings; a check names its cells in one text, apart by spaces."""
    rows = [row for table in compared for row in table.to_pylist()]
    for row in rows:
        row["cells"] = row["cells"].split()
        row["difference"] = None if row["lhs"] is None or row["rhs"] is None else row["lhs"] - row["rhs"]
    return from_rows(
        "findings",
        [dict(r) for r in {(r["report_id"], r["identity"], r["place"], r["note"]): r for r in rows}.values()],
    )
