-- One row per figure of a peer group that is not ranked, or ranked with another value or provenance.
-- Severity: error.
WITH superiors AS (
    SELECT body_id, level, parent AS superior FROM bodies
    UNION
    SELECT b.body_id, b.level, c.parent FROM bodies AS b INNER JOIN bodies AS c ON c.body_id = b.parent
    UNION
    SELECT b.body_id, b.level, d.parent
    FROM bodies AS b
    INNER JOIN bodies AS c ON c.body_id = b.parent
    INNER JOIN bodies AS d ON d.body_id = c.parent
    UNION
    SELECT b.body_id, b.level, e.parent
    FROM bodies AS b
    INNER JOIN bodies AS c ON c.body_id = b.parent
    INNER JOIN bodies AS d ON d.body_id = c.parent
    INNER JOIN bodies AS e ON e.body_id = d.parent
),

expected AS (
    SELECT m.body_id, m.year, m.measure, m.kind, m.value, m.doubts, m.provenance, concat(a.body_id, '/', s.level) AS peer_group
    FROM measured AS m
    INNER JOIN superiors AS s ON s.body_id = m.body_id
    INNER JOIN bodies AS a ON a.body_id = s.superior
)

SELECT
    coalesce(p.body_id, e.body_id) AS body_id,
    coalesce(p.year, e.year) AS year,
    coalesce(p.measure, e.measure) AS measure,
    coalesce(p.peer_group, e.peer_group) AS peer_group,
    p.value, e.value AS figure, p.kind, p.provenance
FROM percentiles AS p
FULL JOIN expected AS e
    ON e.body_id = p.body_id AND e.year = p.year AND e.measure = p.measure AND e.peer_group = p.peer_group
WHERE
    p.value IS DISTINCT FROM e.value
    OR p.kind IS DISTINCT FROM e.kind
    OR p.in_doubt IS DISTINCT FROM e.doubts
    OR p.provenance IS DISTINCT FROM e.provenance
