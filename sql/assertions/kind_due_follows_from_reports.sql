-- One row per period whose status contradicts the reports of another kind, and per report that no period counts.
-- Severity: error.
SELECT
    coalesce(d.kind, r.kind) AS kind, coalesce(d.body_id, r.body_id) AS body_id, coalesce(d.year, r.year) AS year,
    coalesce(d.quarter, r.quarter, 0) AS quarter, d.status, r.status AS status_of_report, d.report_id
FROM kind_due AS d
FULL JOIN kind_reports AS r
    ON r.kind = d.kind AND r.body_id = d.body_id AND r.year = d.year AND coalesce(r.quarter, 0) = d.quarter
WHERE
    (d.kind IS NULL AND r.kind IS NOT NULL AND r.body_id IS NOT NULL AND r.year IS NOT NULL)
    OR (d.kind IS NOT NULL AND (d.status = 'missing') <> (r.report_id IS NULL))
    OR (d.report_id = r.report_id AND d.status <> r.status)
