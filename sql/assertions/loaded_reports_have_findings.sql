-- One row per loaded report without any cell or figure, or without the outcome of an identity of its form.
-- Severity: error.
WITH content AS (
    SELECT report_id FROM cells
    UNION
    SELECT report_id FROM figures
)

SELECT r.report_id, r.form, CAST(NULL AS VARCHAR) AS identity
FROM reports AS r
ANTI JOIN content AS c ON c.report_id = r.report_id
WHERE r.status = 'loaded'
UNION ALL
SELECT r.report_id, r.form, i.identity
FROM reports AS r
INNER JOIN identities AS i ON i.form = r.form
ANTI JOIN findings AS f ON f.report_id = r.report_id AND f.identity = i.identity
WHERE r.status = 'loaded'
