-- One row per failed finding of the reports in the list $reports, with what identifies the report.
SELECT f.*, r.path, r.body, r.year, r.kind, r.quarter, r.subject, r.form
FROM all_findings AS f
INNER JOIN all_reports AS r ON r.report_id = f.report_id
WHERE f.status = 'fail' AND f.report_id IN (SELECT unnest($reports))
ORDER BY r.path, f.identity, f."place"
