-- One row per finding that a person confirmed as printed, with what identifies the report; the first $most by path.
SELECT f.*, r.path, r.body, r.year, r.kind, r.quarter, r.subject, r.form, count(*) OVER () AS total
FROM all_findings AS f
INNER JOIN all_reports AS r ON r.report_id = f.report_id
WHERE f.status = 'fail' AND f.answer = 'confirmed'
ORDER BY r.path, f.identity, f."place", f.note
LIMIT $most
