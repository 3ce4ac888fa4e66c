-- One row per outcome of an edit on a report of another kind that its two sides contradict.
-- Severity: error.
SELECT f.report_id, f.identity, f."place", f.status, f.lhs, f.rhs, f.difference
FROM kind_findings AS f
WHERE
    f.difference IS DISTINCT FROM f.lhs - f.rhs
    OR (f.status = 'pass' AND (f.lhs IS NULL OR f.lhs < f.rhs))
    OR (f.status = 'unknown' AND f.lhs IS NOT NULL)
    OR (f.status = 'fail' AND f.lhs IS NOT NULL AND f.lhs = f.rhs)
