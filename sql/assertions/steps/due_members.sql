-- One row per city, year in which it or a member reported, and member that existed in that year.
SELECT y.city_id, y.year, b.body_id, b.lineage
FROM bodies AS b
INNER JOIN (
    SELECT DISTINCT coalesce(parent, body_id) AS city_id, year FROM reports WHERE body_id IS NOT NULL
) AS y ON y.city_id = b.parent
WHERE y.year BETWEEN coalesce(b.first_year, 0) AND coalesce(b.last_year, 9999)
