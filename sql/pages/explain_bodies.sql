-- One row per body, with the names and codes by which a user may ask for it.
SELECT body_id, name, aliases, region_code
FROM bodies
ORDER BY position
