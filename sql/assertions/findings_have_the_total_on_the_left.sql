-- One row per finding of an identity or check with one term on the left, whose left side is not the value of its place.
-- Severity: error.
-- Within one body.
-- Checks compare values as published, identities those that are printed or decided.
WITH tested AS (
    SELECT f.report_id, f.identity, f."place", f.lhs, v.value
    FROM findings AS f
    SEMI JOIN identities AS i ON i.identity = f.identity AND NOT contains(regexp_extract(i.equation, '^[^=>]*'), '+')
    INNER JOIN edited_values AS v ON v.report_id = f.report_id AND v.cell = f."place"
    UNION ALL
    SELECT f.report_id, f.identity, f."place", f.lhs, v.value
    FROM findings AS f
    SEMI JOIN identities AS i ON i.identity = f.identity AND i.form = '*' AND NOT prefix(i.identity, 'narrative.')
    INNER JOIN published_cells AS v ON v.report_id = f.report_id AND v.cell = f."place"
)

SELECT report_id, identity, "place", lhs, value
FROM tested
WHERE lhs <> value
