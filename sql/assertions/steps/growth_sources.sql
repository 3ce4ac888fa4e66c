-- One row per body, year and body whose figures of the year before are its own: itself, and the bodies that joined it.
SELECT b.body_id, y.year, b.body_id AS source
FROM bodies AS b
CROSS JOIN checked_years AS y
WHERE coalesce(b.first_year, 0) < y.year
UNION
SELECT successor, year, body_id
FROM successions
WHERE kind NOT IN ('split', 'land_moved')
