-- One row per failed finding that a person may answer, of one report or of all, with what identifies the report.
-- A finding about a decision is no finding to answer: the decision must be made again or taken back.
SELECT f.*, r.body, r.body_id, r.year, r.kind, r.quarter, r.subject, r.form, r.path
FROM all_findings AS f
INNER JOIN all_reports AS r ON r.report_id = f.report_id
WHERE
    f.status = 'fail'
    AND NOT starts_with(f.identity, 'answer.')
    AND NOT starts_with(f.identity, 'decision.')
    AND ($report IS NULL OR f.report_id = $report)
ORDER BY r.path, f.severity, f.identity, f."place", f.note
