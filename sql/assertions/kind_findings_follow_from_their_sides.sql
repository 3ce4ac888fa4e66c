-- One row per outcome of an edit on a report of another kind that its two sides contradict.
-- Severity: error.
SELECT f.report_id, f.identity, f."place", f.status, f.lhs, f.rhs, f.difference, e.relation
FROM kind_findings AS f
INNER JOIN kind_reports AS r ON r.report_id = f.report_id
LEFT JOIN kind_edits AS e ON e.kind = r.kind AND e.identity = f.identity
WHERE
    f.difference IS DISTINCT FROM f.lhs - f.rhs
    OR (e.identity IS NOT NULL AND f.severity <> e.severity)
    OR (e.identity IS NOT NULL AND (f.status = 'unknown') <> (f.lhs IS NULL))
    OR (e.relation = '=' AND f.lhs IS NOT NULL AND (f.status = 'pass') <> (f.lhs = f.rhs))
    OR (e.relation = '>=' AND f.lhs IS NOT NULL AND (f.status = 'pass') <> (f.lhs >= f.rhs))
