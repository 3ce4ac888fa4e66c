-- One row per body and year with several loaded reports.
-- Severity: error.
SELECT body_id, year, count(*) AS reports, min(report_id) AS first_report, max(report_id) AS last_report
FROM reports
WHERE status = 'loaded'
GROUP BY body_id, year
HAVING count(*) > 1
