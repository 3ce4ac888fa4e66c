-- One row per code with two names in one year, and per change of codes that their years contradict.
-- Severity: error.
SELECT a.code, a.name, b.name AS other_name, b.first_year AS year
FROM regions AS a
INNER JOIN regions AS b ON b.code = a.code AND b.first_year > a.first_year AND b.first_year <= coalesce(a.last_year, 9999)
UNION ALL
SELECT r.code, r.name, r.parent, r.first_year
FROM regions AS r
WHERE r.first_year > r.last_year OR (r.parent IS NOT NULL AND r.parent NOT IN (SELECT p.code FROM regions AS p))
UNION ALL
SELECT l.code, l.kind, l.successor, l.year
FROM lineage AS l
WHERE
    NOT EXISTS (
        SELECT 1 FROM regions AS r WHERE r.code = l.code AND l.year - 1 BETWEEN r.first_year AND coalesce(r.last_year, 9999)
    )
    OR NOT EXISTS (
        SELECT 1 FROM regions AS r WHERE r.code = l.successor AND l.year BETWEEN r.first_year AND coalesce(r.last_year, 9999)
    )
