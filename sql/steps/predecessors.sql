-- One row per body, year in which it absorbed other bodies, and predecessor: those bodies, and itself if it existed.
-- Looks back one year.
WITH joined AS (
    SELECT DISTINCT successor AS body_id, year
    FROM successions
    WHERE kind IN ('renamed', 'replaced', 'merged')
)

SELECT j.body_id, j.year, j.body_id AS predecessor
FROM joined AS j
INNER JOIN bodies AS b ON b.body_id = j.body_id AND coalesce(b.first_year, 0) < j.year
UNION ALL
SELECT successor, year, body_id
FROM successions
WHERE kind IN ('renamed', 'replaced', 'merged')
