-- One row per body and year: whether it existed the year before, absorbed other bodies, or was split.
-- Looks back one year.
WITH split AS (
    SELECT successor AS body_id, year FROM successions WHERE kind IN ('split', 'land_moved')
    UNION
    SELECT body_id, year FROM successions WHERE kind IN ('split', 'land_moved')
),

succeeded AS (
    SELECT DISTINCT body_id, year FROM predecessors
)

SELECT
    b.body_id, y.year,
    coalesce(b.first_year, 0) < y.year AS existed_before,
    p.body_id IS NOT NULL AS has_predecessors,
    s.body_id IS NOT NULL AS is_split
FROM bodies AS b
CROSS JOIN (SELECT DISTINCT year FROM additive_figures) AS y
LEFT JOIN succeeded AS p ON p.body_id = b.body_id AND p.year = y.year
LEFT JOIN split AS s ON s.body_id = b.body_id AND s.year = y.year
