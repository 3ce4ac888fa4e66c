-- One row per compiled total that names other missing members or lineages than those without a figure in it.
-- Severity: error.
WITH lineages AS (
    SELECT
        c.body_id AS city_id, c.year, c.indicator, c.applicant, m.lineage,
        count(*) AS expected,
        count(f.body_id) AS counted,
        string_agg(m.body_id, ' ' ORDER BY m.body_id) FILTER (WHERE f.body_id IS NULL) AS missing
    FROM city_year AS c
    INNER JOIN due_members AS m ON m.city_id = c.body_id AND m.year = c.year
    LEFT JOIN member_figures AS f
        ON f.body_id = m.body_id AND f.year = c.year AND f.indicator = c.indicator AND f.applicant = c.applicant
    WHERE c.compiled IS NOT NULL
    GROUP BY c.body_id, c.year, c.indicator, c.applicant, m.lineage
    HAVING count(*) > count(f.body_id)
),

existing AS (
    SELECT DISTINCT city_id, year, lineage, existed_before, exists_after FROM coverage
),

gaps AS (
    SELECT
        l.city_id, l.year, l.indicator, l.applicant,
        list_sort(string_split(string_agg(l.missing, ' '), ' ')) AS members,
        string_agg(l.lineage, ' ' ORDER BY l.lineage) FILTER (WHERE l.counted = 0 AND e.existed_before) AS before,
        string_agg(l.lineage, ' ' ORDER BY l.lineage) FILTER (WHERE l.counted = 0 AND e.exists_after) AS after,
        count(*) FILTER (WHERE l.counted > 0) AS partial
    FROM lineages AS l
    LEFT JOIN existing AS e ON e.city_id = l.city_id AND e.year = l.year AND e.lineage = l.lineage
    GROUP BY l.city_id, l.year, l.indicator, l.applicant
)

SELECT
    c.body_id, c.year, c.indicator, c.applicant, c.members_missing, g.members, c.missing_lineages_before,
    c.missing_lineages_after, c.partial_lineages
FROM city_year AS c
LEFT JOIN gaps AS g
    ON g.city_id = c.body_id AND g.year = c.year AND g.indicator = c.indicator AND g.applicant = c.applicant
WHERE
    c.compiled IS NOT NULL
    AND (
        list_sort(string_split(c.members_missing, ' ')) IS DISTINCT FROM g.members
        OR c.missing_lineages_before IS DISTINCT FROM g.before
        OR c.missing_lineages_after IS DISTINCT FROM g.after
        OR c.partial_lineages <> coalesce(g.partial, 0)
    )
