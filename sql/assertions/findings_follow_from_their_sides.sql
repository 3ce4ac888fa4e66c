-- One row per finding with an outcome that its two sides contradict.
-- Severity: error.
-- Within one body.
-- The checks of scope, share and growth also pass where the sides differ, as by rounding.
WITH outcomes AS (
    SELECT
        f.report_id, f.identity, f."place", f.status, f.lhs, f.rhs,
        CASE
            WHEN i.equation IS NOT NULL AND (f.lhs IS NULL OR f.rhs IS NULL) THEN 'unknown'
            WHEN f.lhs IS NULL OR f.rhs IS NULL THEN f.status
            WHEN f.status = 'unknown' AND i.form = '*' THEN 'unknown'
            WHEN f.lhs = f.rhs OR (contains(i.equation, '>=') AND f.lhs > f.rhs) THEN 'pass'
            WHEN f.status = 'pass' AND f.identity IN ('narrative.scope', 'narrative.share', 'narrative.growth') THEN 'pass'
            ELSE 'fail'
        END AS expected
    FROM findings AS f
    INNER JOIN reports AS r ON r.report_id = f.report_id
    INNER JOIN identities AS i ON i.identity = f.identity AND i.form IN ('*', r.form)
)

SELECT report_id, identity, "place", status, expected, lhs, rhs
FROM outcomes
WHERE status <> expected
