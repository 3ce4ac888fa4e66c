-- One row per total that lacks a loaded report: the members missing from it, and the provenance of the others.
WITH incomplete AS (
    SELECT total_id, body_id, year FROM sums WHERE counted < loaded
),

members AS (
    SELECT
        i.total_id, d.member,
        count(CASE WHEN d.status = 'loaded' THEN 1 END) - count(s.contributor) AS figures
    FROM incomplete AS i
    INNER JOIN descendants AS d ON d.body_id = i.body_id AND d.year = i.year
    LEFT JOIN silent_contributors AS s ON s.total_id = i.total_id AND s.contributor = d.contributor
    GROUP BY i.total_id, d.member
),

provenances AS (
    SELECT
        i.total_id,
        CASE WHEN min(c.provenance) = max(c.provenance) THEN min(c.provenance) ELSE 'mixed' END AS provenance
    FROM incomplete AS i
    INNER JOIN contributors AS c ON c.body_id = i.body_id AND c.year = i.year
    LEFT JOIN silent_contributors AS s ON s.total_id = i.total_id AND s.contributor = c.contributor
    WHERE s.total_id IS NULL
    GROUP BY i.total_id
),

names AS (
    SELECT
        total_id,
        string_agg(member, ' ' ORDER BY member) FILTER (WHERE figures = 0) AS members_missing,
        count(CASE WHEN figures > 0 THEN 1 END) AS members_counted
    FROM members
    GROUP BY total_id
)

SELECT n.total_id, n.members_missing, n.members_counted, p.provenance
FROM names AS n
INNER JOIN provenances AS p ON p.total_id = n.total_id
