-- One row per group and body in it: each body with members is followed by its members. Others are a group of their own.
WITH heads AS (
    SELECT DISTINCT parent AS body_id FROM due WHERE parent IS NOT NULL
    UNION
    SELECT body_id FROM bodies WHERE parent IS NULL
),

grouped AS (
    SELECT body_id AS head, body_id FROM heads
    UNION ALL
    SELECT h.body_id, b.body_id
    FROM heads AS h
    INNER JOIN bodies AS b ON b.parent = h.body_id
)

SELECT g.head, b.body_id, b.name, b.level, b.region_code, b.parent
FROM grouped AS g
INNER JOIN bodies AS p ON p.body_id = g.head
INNER JOIN bodies AS b ON b.body_id = g.body_id
ORDER BY p.position, b.body_id <> g.head, b.position
