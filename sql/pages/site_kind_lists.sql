-- One row per column of the lists of the kinds of report that have lines, and per attribute.
SELECT l.kind, l."table" AS list, l."column", coalesce(l.zh, '') AS zh, coalesce(l.en, '') AS en, l.heading
FROM kind_lists AS l
ORDER BY l.position
