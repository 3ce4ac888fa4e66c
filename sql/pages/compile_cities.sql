-- One row per city, with the names and codes by which a user may ask for it.
SELECT body_id, name, aliases, region_code
FROM bodies
WHERE parent IS NULL
ORDER BY body_id
