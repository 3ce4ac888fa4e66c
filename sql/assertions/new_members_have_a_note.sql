-- One row per member and year with a note although it has no predecessor in that year, or without one although it has.
-- Severity: warning.
SELECT DISTINCT c.body_id, c.year, c.note, s.body_id AS predecessor, s.kind
FROM due AS c
LEFT JOIN successions AS s ON s.successor = c.body_id AND s.year = c.year
WHERE (c.note IS NULL) <> (s.body_id IS NULL) OR NOT contains(c.note, concat(s.body_id, ' ', s.kind))
