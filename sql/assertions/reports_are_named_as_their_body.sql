-- One row per report whose name of the body is none of the names of its body.
-- Severity: warning.
SELECT r.report_id, r.body, b.name, b.aliases
FROM reports AS r
INNER JOIN bodies AS b ON b.body_id = r.body_id
WHERE NOT list_contains(string_split(concat_ws('|', b.name, b.aliases), '|'), r.body)
