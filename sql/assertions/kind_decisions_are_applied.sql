-- One row per decision on a report of another kind that is not on that report, or that the published value does not follow.
-- Severity: error.
SELECT d.report_id, d.body_id, d.year, d.cell, d.status, d.decided_value, v.value
FROM kind_decisions AS d
LEFT JOIN kind_reports AS r ON r.report_id = d.report_id
LEFT JOIN kind_values AS v ON v.report_id = d.report_id AND v.cell = regexp_replace(d.cell, '^[^:]*:', '')
WHERE
    r.report_id IS NULL
    OR r.body_id IS DISTINCT FROM d.body_id
    OR r.year IS DISTINCT FROM d.year
    OR NOT starts_with(d.cell, r.kind)
    OR (
        d.status = 'applied' AND d.operation IN ('accept', 'correct')
        AND (v.value IS DISTINCT FROM d.decided_value OR v.origin <> 'decided')
    )
