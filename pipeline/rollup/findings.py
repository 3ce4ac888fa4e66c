"""The outcomes of checks as findings."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.edit.match_answers import ANSWER_COLUMNS
from pipeline.rollup.models import Model


def finding_select(check: Model) -> str:
    """Return the statement of a check with the other columns of a finding: the difference, and the cells as a list.

    The columns of the answer are null; `answers.with_answers` fills them. A check names the cells in one text,
    separated by spaces. Each finding appears once.
    """
    return f"""
        SELECT DISTINCT ON (report_id, identity, "place", note)
            report_id, identity, "place", status, lhs, rhs,
            CAST(lhs - rhs AS DECIMAL(18, 6)) AS difference,
            severity,
            list_filter(string_split(cells, ' '), lambda cell: cell <> '') AS cells,
            note, {", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in ANSWER_COLUMNS)}, provenance
        FROM ({check.sql})
        ORDER BY report_id, identity, "place", note, status, lhs, rhs"""


def all_findings(models: Iterable[Model], changed: Iterable[int], earlier_checks: frozenset[str]) -> str:
    """Return a statement for all findings: those about single reports in `findings`, and the outcomes of the checks.

    `findings` also holds outcomes of checks and findings about answers from an earlier run. Left out are those about
    answers, those of checks that look back, and those of the other checks in the `changed` years, for which they have
    been computed again. Those of `earlier_checks`, the identities of the checks of that run, are left out if the check
    no longer exists.
    """
    checks = [model for model in models if model.folder == "checks"]
    others = {check.identity for check in checks if not check.looks_back}
    looking_back = {check.identity for check in checks} - others
    removed = earlier_checks - others - looking_back
    kept = f"""
        SELECT f.*
        FROM findings AS f
        INNER JOIN reports AS r ON r.report_id = f.report_id
        WHERE NOT starts_with(f.identity, 'answer.')
            AND NOT f.identity = ANY({sorted(looking_back | removed)}::VARCHAR[])
            AND NOT (r.year = ANY({list(changed)}::INTEGER[]) AND f.identity = ANY({sorted(others)}::VARCHAR[]))"""
    return " UNION ALL ".join([kept, *(f"SELECT * FROM outcomes_of_{check.name}" for check in checks)])
