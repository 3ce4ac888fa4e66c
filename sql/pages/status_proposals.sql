-- One row per open proposal for the reports in the list $reports, with what identifies the report.
SELECT p.*, r.path, r.body, r.year, r.kind, r.quarter, r.subject, r.form
FROM all_proposals AS p
INNER JOIN all_reports AS r ON r.report_id = p.report_id
WHERE p.status = 'open' AND p.report_id IN (SELECT unnest($reports))
ORDER BY r.path, p.anchor, p.cell
