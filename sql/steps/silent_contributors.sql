-- One row per total and loaded report without a figure for it: its cell is blank, or its form does not have the cell.
WITH blank AS (
    SELECT total_id, body_id, year, unnest(blank) AS contributor
    FROM sums
),

lacking AS (
    SELECT
        total_id, body_id, year, split_part(total_id, '/', 3) AS indicator, split_part(total_id, '/', 4) AS applicant
    FROM sums
    WHERE figures < loaded
),

-- Only the figures of these indicators, so that the join below does not read all observations.
given AS (
    SELECT o.body_id, o.year, o.indicator, o.applicant
    FROM observations AS o
    SEMI JOIN lacking AS l ON l.year = o.year AND l.indicator = o.indicator AND l.applicant = o.applicant
),

without_cell AS (
    SELECT l.total_id, l.body_id, l.year, c.contributor
    FROM lacking AS l
    INNER JOIN contributors AS c ON c.body_id = l.body_id AND c.year = l.year
    LEFT JOIN given AS g
        ON g.body_id = c.contributor AND g.year = l.year AND g.indicator = l.indicator AND g.applicant = l.applicant
    WHERE g.body_id IS NULL
),

silent AS (
    SELECT total_id, body_id, year, contributor FROM blank
    UNION ALL
    SELECT total_id, body_id, year, contributor FROM without_cell
)

SELECT s.total_id, s.body_id, s.year, c.member, s.contributor, d.lineage, c.provenance
FROM silent AS s
INNER JOIN contributors AS c ON c.body_id = s.body_id AND c.year = s.year AND c.contributor = s.contributor
INNER JOIN due AS d ON d.body_id = s.contributor AND d.year = s.year
