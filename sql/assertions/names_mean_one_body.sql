-- One row per pair of bodies that have the same name in the same year: reports are found by the names of their bodies.
-- Severity: error.
-- A district whose code changes keeps its name, so a name may mean another body in other years: 崇川区 until 2019 and since.
SELECT a.body_id, b.body_id AS other_id, a.name
FROM bodies AS a
INNER JOIN bodies AS b ON b.name = a.name AND b.body_id > a.body_id
WHERE
    coalesce(a.first_year, 0) <= coalesce(b.last_year, 9999)
    AND coalesce(b.first_year, 0) <= coalesce(a.last_year, 9999)
