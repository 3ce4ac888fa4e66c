-- One row per proposal, of one report or of all, with what identifies the report.
SELECT p.*, r.body, r.body_id, r.year, r.kind, r.quarter, r.subject, r.form, r.path
FROM all_proposals AS p
INNER JOIN all_reports AS r ON r.report_id = p.report_id
WHERE $report IS NULL OR p.report_id = $report
ORDER BY r.path, p.anchor, p.cell
