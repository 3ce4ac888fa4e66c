-- One row per body, with the names by which a user may ask for it.
SELECT body_id AS id, name AS zh, name AS en, aliases
FROM bodies
ORDER BY position
