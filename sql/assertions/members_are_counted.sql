-- One row per body and year with another number of members, or of reports, than the registers and reports give.
-- Severity: error.
WITH members AS (
    SELECT
        m.parent, m.year,
        count(*) AS expected,
        count(r.member) AS reported,
        count(s.member) AS substituted
    FROM due_bodies AS m
    LEFT JOIN (SELECT DISTINCT body_id, year, member FROM counted_reports WHERE member = contributor) AS r
        ON r.body_id = m.parent AND r.year = m.year AND r.member = m.body_id
    LEFT JOIN (SELECT DISTINCT body_id, year, member FROM counted_reports WHERE member <> contributor) AS s
        ON s.body_id = m.parent AND s.year = m.year AND s.member = m.body_id
    WHERE m.parent IS NOT NULL
    GROUP BY m.parent, m.year
),

shown AS (
    SELECT DISTINCT 'compiled' AS "table", body_id, year, members_expected, members_reported, members_substituted FROM compiled
    UNION ALL
    SELECT 'reconciliation', body_id, year, members_expected, members_reported, members_substituted FROM reconciliation
    UNION ALL
    SELECT DISTINCT 'headline', body_id, year, members_expected, NULL, members_substituted FROM headline
    UNION ALL
    SELECT DISTINCT 'rates', body_id, year, members_expected, NULL, NULL FROM rates WHERE basis = 'compiled'
)

SELECT s."table", s.body_id, s.year, s.members_expected, s.members_reported, m.expected, m.reported, m.substituted
FROM shown AS s
LEFT JOIN members AS m ON m.parent = s.body_id AND m.year = s.year
WHERE
    s.members_expected IS DISTINCT FROM coalesce(m.expected, 0)
    OR s.members_reported <> coalesce(m.reported, 0)
    OR s.members_substituted <> coalesce(m.substituted, 0)
