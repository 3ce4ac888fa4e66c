-- One row per due body and year with another level or lineage than in the register, or with wrong years of its lineage.
-- Severity: error.
WITH kin AS (
    SELECT
        d.body_id, d.year,
        count(*) FILTER (WHERE coalesce(k.first_year, 0) < d.year AND d.year <= coalesce(k.last_year, 9999) + 1) AS before,
        count(*) FILTER (WHERE coalesce(k.first_year, 0) <= d.year + 1 AND d.year < coalesce(k.last_year, 9999)) AS after
    FROM due AS d
    INNER JOIN bodies AS k ON k.lineage = d.lineage AND k.parent IS NOT DISTINCT FROM d.parent
    GROUP BY d.body_id, d.year
)

SELECT d.parent, d.body_id, d.year, d.level, d.lineage, d.existed_before, d.exists_after
FROM due AS d
INNER JOIN bodies AS b ON b.body_id = d.body_id
LEFT JOIN kin AS k ON k.body_id = d.body_id AND k.year = d.year
WHERE
    d.level <> b.level
    OR d.lineage <> b.lineage
    OR d.parent IS DISTINCT FROM b.parent
    OR d.existed_before IS DISTINCT FROM (k.before > 0)
    OR d.exists_after IS DISTINCT FROM (k.after > 0)
