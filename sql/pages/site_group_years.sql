-- One row per body with members and year for which a report of it or of a member exists or should exist.
SELECT DISTINCT coalesce(parent, body_id) AS head, year
FROM due
UNION
SELECT body_id, year FROM reports WHERE body_id IS NOT NULL
ORDER BY head, year
