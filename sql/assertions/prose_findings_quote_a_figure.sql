-- One row per finding about the prose whose left side is no figure that the report gives for this row.
-- Severity: error.
SELECT f.report_id, f.identity, f."place", f.lhs
FROM findings AS f
SEMI JOIN identities AS i ON i.identity = f.identity AND i.form = '*' AND i.identity <> 'narrative.balance'
ANTI JOIN figures AS p ON p.report_id = f.report_id AND p."row" = split_part(f."place", '/', 2) AND p.value = f.lhs
WHERE prefix(f.identity, 'narrative.')
