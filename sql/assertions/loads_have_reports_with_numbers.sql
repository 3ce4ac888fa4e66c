-- One row per load without any report, and per loaded report of another kind without a number or a list.
-- Severity: error.
SELECT '-' AS report_id
WHERE (SELECT count(*) FROM reports) = 0 AND (SELECT count(*) FROM kind_reports) = 0
UNION ALL
SELECT r.report_id
FROM kind_reports AS r
WHERE
    r.status = 'loaded'
    AND NOT EXISTS (SELECT 1 FROM kind_cells AS c WHERE c.report_id = r.report_id)
    AND NOT EXISTS (SELECT 1 FROM kind_entries AS e WHERE e.report_id = r.report_id)
