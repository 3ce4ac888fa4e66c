-- One row per observation or compiled figure that is not whole, or that is negative although no cell prints a sign.
-- Severity: error.
-- A change of the number of items may be negative. An amount of money or a percentage need not be whole.
WITH figures_of_marts AS (
    SELECT 'observations' AS "table", body_id, year, indicator, applicant, unit, value FROM observations
    UNION ALL
    SELECT 'compiled', body_id, year, indicator, applicant, unit, compiled FROM compiled
),

own_sign AS (
    SELECT DISTINCT r.body_id, r.year
    FROM cells AS c
    INNER JOIN reports AS r ON r.report_id = c.report_id
    WHERE c.value < 0 AND NOT regexp_full_match(c.raw, '[0-9,. ]*')
),

with_sign AS (
    SELECT body_id, year FROM own_sign
    UNION
    SELECT k.body_id, k.year
    FROM counted_reports AS k
    INNER JOIN own_sign AS o ON o.body_id = k.contributor AND o.year = k.year
)

SELECT f."table", f.body_id, f.year, f.indicator, f.applicant, f.unit, f.value
FROM figures_of_marts AS f
LEFT JOIN with_sign AS s ON s.body_id = f.body_id AND s.year = f.year
WHERE
    (f.value < 0 AND f.unit <> '%' AND s.body_id IS NULL)
    OR (f.value <> floor(f.value) AND f.unit NOT IN ('%', '元', '万元'))
