-- One row per figure of a peer group that is not ranked, or ranked with another value or provenance.
-- Severity: error.
WITH expected AS (
    SELECT m.body_id, m.year, m.measure, m.kind, m.value, m.provenance, b.region_code[1:2] || '/' || b.level AS peer_group
    FROM measured AS m
    INNER JOIN bodies AS b ON b.body_id = m.body_id
    UNION ALL
    SELECT m.body_id, m.year, m.measure, m.kind, m.value, m.provenance, b.parent || '/' || b.level
    FROM measured AS m
    INNER JOIN bodies AS b ON b.body_id = m.body_id
    WHERE b.parent IS NOT NULL
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
    OR p.provenance IS DISTINCT FROM e.provenance
