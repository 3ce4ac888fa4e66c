-- One row per finding with another severity than its identity.
-- Severity: error.
SELECT f.report_id, f.identity, f."place", f.severity, i.severity AS severity_of_identity
FROM findings AS f
INNER JOIN reports AS r ON r.report_id = f.report_id
INNER JOIN identities AS i ON i.identity = f.identity AND i.form IN ('*', r.form)
WHERE f.severity <> i.severity
