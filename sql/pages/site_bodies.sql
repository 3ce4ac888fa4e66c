-- One row per group and body in it: each body with members is followed by its members. Others are a group of their own.
WITH heads AS (
    SELECT DISTINCT parent AS body_id FROM due WHERE parent IS NOT NULL
    UNION
    SELECT body_id FROM bodies WHERE parent IS NULL
)

SELECT h.body_id AS head, b.body_id, b.name, b.level, b.region_code, b.parent
FROM heads AS h
INNER JOIN bodies AS p ON p.body_id = h.body_id
INNER JOIN bodies AS b ON b.parent = h.body_id OR b.body_id = h.body_id
ORDER BY p.position, b.body_id <> h.body_id, b.position
