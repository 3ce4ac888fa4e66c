-- One row per city, year in which it or a member reported, and member: who should report, and who did.
-- `existed_before` and `exists_after` say whether the body, a predecessor or a successor existed the year before and after.
WITH years AS (
    SELECT DISTINCT coalesce(parent, body_id) AS city_id, year
    FROM reports
    WHERE body_id IS NOT NULL
),

own AS (
    SELECT
        body_id, year, status, report_id, provenance,
        row_number() OVER (PARTITION BY body_id, year ORDER BY status, report_id) AS preference
    FROM reports
    WHERE body_id IS NOT NULL
),

-- Per city, year and lineage: whether a body of the lineage exists the year before and the year after.
lineage_years AS (
    SELECT
        y.city_id, y.year, b.lineage,
        max(CASE WHEN coalesce(b.first_year, 0) < y.year AND coalesce(b.last_year, 9999) >= y.year - 1 THEN 1 ELSE 0 END)
            AS existed_before,
        max(CASE WHEN coalesce(b.first_year, 0) <= y.year + 1 AND coalesce(b.last_year, 9999) > y.year THEN 1 ELSE 0 END)
            AS exists_after
    FROM years AS y
    INNER JOIN bodies AS b ON b.parent = y.city_id
    GROUP BY y.city_id, y.year, b.lineage
),

origins AS (
    SELECT
        successor AS body_id, year,
        string_agg(concat(body_id, ' ', kind, ' ', note), '; ' ORDER BY body_id) AS note
    FROM successions
    GROUP BY successor, year
)

SELECT
    y.city_id, b.body_id, b.name AS body, b.level, y.year,
    coalesce(o.status, 'absent') AS status,
    b.lineage,
    s.existed_before = 1 AS existed_before,
    s.exists_after = 1 AS exists_after,
    c.note,
    o.report_id, o.provenance
FROM years AS y
INNER JOIN bodies AS b
    ON b.parent = y.city_id
    AND coalesce(b.first_year, 0) <= y.year
    AND coalesce(b.last_year, 9999) >= y.year
INNER JOIN lineage_years AS s ON s.city_id = y.city_id AND s.year = y.year AND s.lineage = b.lineage
LEFT JOIN own AS o ON o.body_id = b.body_id AND o.year = y.year AND o.preference = 1
LEFT JOIN origins AS c ON c.body_id = b.body_id AND c.year = y.year
