-- One row per total that lacks a loaded member: the members missing from it, and the provenance of the others.
WITH incomplete AS (
    SELECT total_id, city_id, year FROM sums WHERE counted < loaded
),

missing AS (
    SELECT total_id, body_id FROM silent_members
    UNION ALL
    SELECT i.total_id, c.body_id
    FROM incomplete AS i
    INNER JOIN coverage AS c ON c.city_id = i.city_id AND c.year = i.year AND c.status <> 'loaded'
),

loaded AS (
    SELECT city_id, year, provenance, count(*) AS members
    FROM coverage
    WHERE status = 'loaded'
    GROUP BY city_id, year, provenance
),

silent AS (
    SELECT total_id, provenance, count(*) AS members
    FROM silent_members
    GROUP BY total_id, provenance
),

provenances AS (
    SELECT i.total_id, CASE WHEN count(*) = 1 THEN min(l.provenance) ELSE 'mixed' END AS provenance
    FROM incomplete AS i
    INNER JOIN loaded AS l ON l.city_id = i.city_id AND l.year = i.year
    LEFT JOIN silent AS s ON s.total_id = i.total_id AND s.provenance = l.provenance
    WHERE coalesce(s.members, 0) < l.members
    GROUP BY i.total_id
),

names AS (
    SELECT total_id, string_agg(body_id, ' ' ORDER BY body_id) AS members_missing
    FROM missing
    GROUP BY total_id
)

SELECT n.total_id, n.members_missing, p.provenance
FROM names AS n
INNER JOIN provenances AS p ON p.total_id = n.total_id
