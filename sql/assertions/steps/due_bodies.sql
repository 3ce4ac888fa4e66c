-- One row per body and year in which it should report, with its parent: null for the uppermost body.
SELECT b.parent, y.year, b.body_id, b.lineage
FROM bodies AS b
INNER JOIN active_bodies AS y ON y.body_id = coalesce(b.parent, b.body_id)
WHERE y.year BETWEEN coalesce(b.first_year, 0) AND coalesce(b.last_year, 9999)
