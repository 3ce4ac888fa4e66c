-- One row per body with its city: each city first, then its members. A body without a parent counts as a city.
SELECT coalesce(parent, body_id) AS city, body_id, name, level, region_code
FROM bodies
ORDER BY city, body_id != city, position
