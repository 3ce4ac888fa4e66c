-- One row per body and period in which a report of another kind is owed: whether there is one.
-- A body of the levels that owe one is expected in the years on which it gave any report, and on which any body gave one of
-- this kind.
WITH years AS (
    SELECT DISTINCT kind, year FROM kind_reports WHERE kind IS NOT NULL AND year IS NOT NULL
),

reporting AS (
    SELECT DISTINCT body_id, year FROM all_reports
),

owed AS (
    SELECT k.kind, b.body_id, y.year, q.quarter
    FROM kinds AS k
    INNER JOIN years AS y ON y.kind = k.kind AND y.year >= k.first_year
    INNER JOIN bodies AS b ON list_contains(k.levels, b.level)
    INNER JOIN reporting AS r ON r.body_id = b.body_id AND r.year = y.year
    CROSS JOIN (VALUES (0), (1), (2), (3), (4)) AS q (quarter)
    WHERE (q.quarter = 0) = (k.period = 'year')
),

given AS (
    SELECT
        kind, body_id, year, coalesce(quarter, 0) AS quarter, arg_min(status, report_id) AS status,
        min(report_id) AS report_id, arg_min(path, report_id) AS path
    FROM kind_reports
    WHERE kind IS NOT NULL AND body_id IS NOT NULL AND year IS NOT NULL
    GROUP BY kind, body_id, year, coalesce(quarter, 0)
)

SELECT
    coalesce(o.kind, g.kind) AS kind, coalesce(o.body_id, g.body_id) AS body_id, coalesce(o.year, g.year) AS year,
    coalesce(o.quarter, g.quarter) AS quarter, coalesce(g.status, 'missing') AS status, g.report_id, g.path
FROM owed AS o
FULL JOIN given AS g
    ON g.kind = o.kind AND g.body_id = o.body_id AND g.year = o.year AND g.quarter = o.quarter
