-- One row per body of a lineage with a greater id than its own, or of a lineage that no succession explains.
-- Severity: error.
SELECT b.body_id, b.lineage
FROM bodies AS b
WHERE
    b.lineage > b.body_id
    OR (b.lineage <> b.body_id AND b.body_id NOT IN (SELECT unnest([s.body_id, s.successor]) FROM successions AS s))
