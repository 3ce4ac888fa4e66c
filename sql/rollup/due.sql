-- One row per body and year in which it should report, with what became of its report.
-- A body is due if it existed and its parent, or another body below its parent at any depth, reported on that year.
-- `existed_before` and `exists_after` say whether the body, a predecessor or a successor existed the year before and after.
WITH RECURSIVE reached AS (
    SELECT DISTINCT body_id, year
    FROM reports
    WHERE body_id IS NOT NULL
    UNION ALL
    SELECT b.parent, r.year
    FROM reached AS r
    INNER JOIN bodies AS b ON b.body_id = r.body_id AND b.parent IS NOT NULL
),

-- Bodies that reported, and all bodies above them.
active AS (
    SELECT DISTINCT body_id, year FROM reached
),

expected AS (
    SELECT b.*, a.year
    FROM active AS a
    INNER JOIN bodies AS b ON b.parent = a.body_id
    UNION ALL
    SELECT b.*, a.year
    FROM active AS a
    INNER JOIN bodies AS b ON b.body_id = a.body_id AND b.parent IS NULL
),

own AS (
    SELECT
        body_id, year, status, report_id, provenance,
        row_number() OVER (PARTITION BY body_id, year ORDER BY status <> 'loaded', status, report_id) AS preference
    FROM reports
    WHERE body_id IS NOT NULL
),

-- Per parent, year and lineage: whether a body of the lineage exists the year before and the year after.
lineage_years AS (
    SELECT
        parent, year, lineage,
        max(CASE WHEN coalesce(first_year, 0) < year AND coalesce(last_year, 9999) >= year - 1 THEN 1 ELSE 0 END)
            AS existed_before,
        max(CASE WHEN coalesce(first_year, 0) <= year + 1 AND coalesce(last_year, 9999) > year THEN 1 ELSE 0 END)
            AS exists_after
    FROM expected
    GROUP BY parent, year, lineage
),

origins AS (
    SELECT
        successor AS body_id, year,
        string_agg(concat(body_id, ' ', kind, ' ', note), '; ' ORDER BY body_id) AS note
    FROM successions
    GROUP BY successor, year
)

SELECT
    e.parent, e.body_id, e.name AS body, e.level, e.year,
    coalesce(o.status, 'absent') AS status,
    e.lineage,
    s.existed_before = 1 AS existed_before,
    s.exists_after = 1 AS exists_after,
    c.note,
    o.report_id, o.provenance
FROM expected AS e
INNER JOIN lineage_years AS s
    ON s.parent IS NOT DISTINCT FROM e.parent AND s.year = e.year AND s.lineage = e.lineage
LEFT JOIN own AS o ON o.body_id = e.body_id AND o.year = e.year AND o.preference = 1
LEFT JOIN origins AS c ON c.body_id = e.body_id AND c.year = e.year
WHERE coalesce(e.first_year, 0) <= e.year AND coalesce(e.last_year, 9999) >= e.year
