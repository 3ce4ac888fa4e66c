-- One row per city and year with another number of members, or of reports, than the registers and reports give.
-- Severity: error.
WITH members AS (
    SELECT m.city_id, m.year, count(*) AS expected, count(r.body_id) AS reported
    FROM due_members AS m
    LEFT JOIN reports AS r ON r.body_id = m.body_id AND r.year = m.year AND r.status = 'loaded'
    GROUP BY m.city_id, m.year
),

shown AS (
    SELECT DISTINCT 'city_year' AS "table", body_id, year, members_expected, members_reported FROM city_year
    UNION ALL
    SELECT 'reconciliation', body_id, year, members_expected, members_reported FROM reconciliation
    UNION ALL
    SELECT DISTINCT 'headline', body_id, year, members_expected, NULL FROM headline
    UNION ALL
    SELECT DISTINCT 'rates', body_id, year, members_expected, NULL FROM rates WHERE basis = 'compiled'
)

SELECT s."table", s.body_id, s.year, s.members_expected, s.members_reported, m.expected, m.reported
FROM shown AS s
LEFT JOIN members AS m ON m.city_id = s.body_id AND m.year = s.year
WHERE s.members_expected IS DISTINCT FROM coalesce(m.expected, 0) OR s.members_reported <> coalesce(m.reported, 0)
