-- One row per member and year with another level or lineage than its body, or with wrong years of its lineage.
-- Severity: error.
WITH kin AS (
    SELECT
        c.city_id, c.body_id, c.year,
        count(*) FILTER (WHERE coalesce(k.first_year, 0) < c.year AND c.year <= coalesce(k.last_year, 9999) + 1) AS before,
        count(*) FILTER (WHERE coalesce(k.first_year, 0) <= c.year + 1 AND c.year < coalesce(k.last_year, 9999)) AS after
    FROM coverage AS c
    INNER JOIN bodies AS k ON k.parent = c.city_id AND k.lineage = c.lineage
    GROUP BY c.city_id, c.body_id, c.year
)

SELECT c.city_id, c.body_id, c.year, c.level, c.lineage, c.existed_before, c.exists_after
FROM coverage AS c
INNER JOIN bodies AS b ON b.body_id = c.body_id
LEFT JOIN kin AS k ON k.city_id = c.city_id AND k.body_id = c.body_id AND k.year = c.year
WHERE
    c.level <> b.level
    OR c.lineage <> b.lineage
    OR c.existed_before IS DISTINCT FROM (k.before > 0)
    OR c.exists_after IS DISTINCT FROM (k.after > 0)
