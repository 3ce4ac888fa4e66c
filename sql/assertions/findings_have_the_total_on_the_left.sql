-- One row per finding of an identity with one term on the left whose left side is not the value of its place.
-- Severity: error.
SELECT f.report_id, f.identity, f."place", f.lhs, v.value
FROM findings AS f
SEMI JOIN identities AS i ON i.identity = f.identity AND NOT contains(regexp_extract(i.equation, '^[^=>]*'), '+')
INNER JOIN edited_values AS v ON v.report_id = f.report_id AND v.cell = f."place"
WHERE f.lhs <> v.value
