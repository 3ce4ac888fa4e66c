-- One row per body, with the names by which a user may ask for it.
SELECT body_id AS id, name AS zh, name AS en, aliases
FROM bodies
-- Of two bodies that had the name one after the other, the later one comes first.
ORDER BY last_year NULLS FIRST, position
