-- One row per total and loaded member without a figure for it: its cell is blank, or its form does not have the cell.
WITH blank AS (
    SELECT total_id, city_id, year, unnest(blank) AS body_id
    FROM sums
),

without_cell AS (
    SELECT s.total_id, s.city_id, s.year, c.body_id
    FROM sums AS s
    INNER JOIN coverage AS c ON c.city_id = s.city_id AND c.year = s.year AND c.status = 'loaded'
    LEFT JOIN observations AS o ON o.body_id = c.body_id AND o.total_id = s.total_id
    WHERE s.figures < s.loaded AND o.body_id IS NULL
),

silent AS (
    SELECT total_id, city_id, year, body_id FROM blank
    UNION ALL
    SELECT total_id, city_id, year, body_id FROM without_cell
)

SELECT s.total_id, s.city_id, s.year, s.body_id, c.lineage, c.provenance
FROM silent AS s
INNER JOIN coverage AS c ON c.city_id = s.city_id AND c.year = s.year AND c.body_id = s.body_id
