"""The outcomes of checks as findings."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.rollup.models import Model


def finding_select(check: Model) -> str:
    """Return the statement of a check with the other columns of a finding: the difference, and the cells as a list.

    A check names the cells in one text, separated by spaces. Each finding appears once.
    """
    return f"""
        SELECT DISTINCT ON (report_id, identity, "place", note)
            report_id, identity, "place", status, lhs, rhs,
            CAST(lhs - rhs AS DECIMAL(18, 6)) AS difference,
            severity,
            list_filter(string_split(cells, ' '), lambda cell: cell <> '') AS cells,
            note, provenance
        FROM ({check.sql})
        ORDER BY report_id, identity, "place", note, status, lhs, rhs"""


def all_findings(checks: Sequence[Model]) -> str:
    """Return a statement for all findings: those about single reports in `findings`, and the outcomes of the checks.

    Outcomes of the checks that `findings` holds from an earlier run are left out.
    """
    identities = ", ".join(f"'{check.identity}'" for check in checks)
    outcomes = (f"SELECT * FROM outcomes_of_{check.name}" for check in checks)
    return " UNION ALL ".join([f"SELECT * FROM findings WHERE identity NOT IN ({identities})", *outcomes])
