-- One row per decision on a report of another kind that is not on that report, that the published value does not follow,
-- or that is not applied and in no finding.
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
UNION ALL
SELECT d.report_id, d.body_id, d.year, d.cell, d.status, d.decided_value, NULL
FROM kind_decisions AS d
LEFT JOIN kind_findings AS f
    ON
        f.report_id = d.report_id AND f."place" = regexp_replace(d.cell, '^[^:]*:', '')
        AND (f.identity = 'answer.' || d.status OR f.identity = 'decision.' || d.status)
WHERE (d.status = 'applied') <> (f.report_id IS NULL)
