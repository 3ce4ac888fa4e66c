-- One row: the figure of a body's own report, with the report.
SELECT o.*, b.name AS body, r.path, r.form, CAST(NULL AS VARCHAR) AS note
FROM observations AS o
INNER JOIN bodies AS b ON b.body_id = o.body_id
INNER JOIN reports AS r ON r.report_id = o.report_id
WHERE o.body_id = $body AND o.year = $year AND o.indicator = $indicator AND o.applicant = $applicant
