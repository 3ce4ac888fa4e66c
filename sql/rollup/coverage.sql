-- One row a city, member body and year in which the city or a member reported: who was expected, and who reported.
WITH years AS (
    SELECT DISTINCT coalesce(parent, body_id) AS city_id, year
    FROM reports
    WHERE body_id IS NOT NULL
),

own AS (
    SELECT
        body_id, year, status, report_id, provenance,
        row_number() OVER (PARTITION BY body_id, year ORDER BY status, report_id) AS choice
    FROM reports
    WHERE body_id IS NOT NULL
)

SELECT
    y.city_id, b.body_id, b.name AS body, b.level, y.year,
    coalesce(o.status, 'absent') AS status,
    o.report_id, o.provenance
FROM years AS y
INNER JOIN bodies AS b ON b.parent = y.city_id
LEFT JOIN own AS o ON o.body_id = b.body_id AND o.year = y.year AND o.choice = 1
