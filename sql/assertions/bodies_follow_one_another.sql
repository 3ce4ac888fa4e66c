-- One row per body that ends before it begins or compiles itself, and per change of bodies that their years contradict.
-- Severity: error.
SELECT body_id, CAST(NULL AS VARCHAR) AS successor, first_year AS year, 'years' AS kind
FROM bodies
WHERE first_year > last_year OR body_id = parent
UNION ALL
SELECT s.body_id, s.successor, s.year, s.kind
FROM successions AS s
INNER JOIN bodies AS b ON b.body_id = s.body_id
INNER JOIN bodies AS a ON a.body_id = s.successor
WHERE
    s.year - 1 NOT BETWEEN coalesce(b.first_year, 0) AND coalesce(b.last_year, 9999)
    OR s.year NOT BETWEEN coalesce(a.first_year, 0) AND coalesce(a.last_year, 9999)
    OR (s.kind NOT IN ('split', 'land_moved') AND s.body_id <> s.successor AND b.last_year IS DISTINCT FROM s.year - 1)
    OR b.lineage <> a.lineage
