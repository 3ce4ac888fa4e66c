-- One row per body and year whose observations name a report of another body, year or region.
-- Severity: error.
-- Within one body.
WITH named AS (
    SELECT DISTINCT report_id, body_id, year, region_code FROM observations
)

SELECT n.report_id, n.body_id, n.year, n.region_code, r.body_id AS body_of_report, r.year AS year_of_report
FROM named AS n
LEFT JOIN reports AS r ON r.report_id = n.report_id AND r.status <> 'quarantined'
WHERE
    r.body_id IS DISTINCT FROM n.body_id
    OR r.year IS DISTINCT FROM n.year
    OR r.region_code IS DISTINCT FROM n.region_code
