-- One row per city and year for which a report or an expected report of one of its bodies is on record.
SELECT DISTINCT coalesce(b.parent, b.body_id) AS city, y.year
FROM bodies AS b
INNER JOIN (SELECT body_id, year FROM reports UNION SELECT body_id, year FROM coverage) AS y ON y.body_id = b.body_id
ORDER BY city, y.year
