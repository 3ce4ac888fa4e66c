-- One row per compiled total that names other missing members or lineages than those without a figure in it.
-- Severity: error.
-- Below a body are its members, and the members of each that has no loaded report.
WITH RECURSIVE below AS (
    SELECT parent, year, body_id AS member, body_id, lineage FROM due_bodies WHERE parent IS NOT NULL
    UNION ALL
    SELECT b.parent, b.year, b.member, d.body_id, d.lineage
    FROM below AS b
    INNER JOIN due_bodies AS d ON d.parent = b.body_id AND d.year = b.year
    WHERE NOT EXISTS (FROM reports AS r WHERE r.body_id = b.body_id AND r.year = b.year AND r.status = 'loaded')
),

sums AS (
    SELECT parent, year, indicator, applicant, list_sort(list(contributor)) AS contributors
    FROM member_figures
    GROUP BY parent, year, indicator, applicant
),

totals AS (
    SELECT c.body_id AS parent, c.year, c.indicator, c.applicant, coalesce(s.contributors, []) AS contributors
    FROM compiled AS c
    LEFT JOIN sums AS s
        ON s.parent = c.body_id AND s.year = c.year AND s.indicator = c.indicator AND s.applicant = c.applicant
    WHERE c.compiled IS NOT NULL
),

-- Most totals of a body have figures of the same bodies, and so the same gaps.
placed AS (
    SELECT
        t.parent, t.year, t.contributors, b.member, b.body_id, b.lineage,
        list_contains(t.contributors, b.body_id) AS is_counted
    FROM (SELECT DISTINCT parent, year, contributors FROM totals) AS t
    INNER JOIN below AS b ON b.parent = t.parent AND b.year = t.year
),

members AS (
    SELECT parent, year, contributors, list_sort(list(member)) AS members
    FROM (
        SELECT parent, year, contributors, member
        FROM placed
        GROUP BY parent, year, contributors, member
        HAVING NOT bool_or(is_counted)
    )
    GROUP BY parent, year, contributors
),

existing AS (
    SELECT parent, year, lineage, bool_or(existed_before) AS existed_before, bool_or(exists_after) AS exists_after
    FROM due
    GROUP BY parent, year, lineage
),

lineages AS (
    SELECT
        p.parent, p.year, p.contributors, p.lineage,
        count_if(p.is_counted) AS counted,
        bool_or(e.existed_before) AS existed_before,
        bool_or(e.exists_after) AS exists_after
    FROM placed AS p
    INNER JOIN bodies AS b ON b.body_id = p.body_id
    INNER JOIN existing AS e ON e.parent IS NOT DISTINCT FROM b.parent AND e.year = p.year AND e.lineage = p.lineage
    GROUP BY p.parent, p.year, p.contributors, p.lineage
    HAVING count(*) > count_if(p.is_counted)
),

gaps AS (
    SELECT
        parent, year, contributors,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE counted = 0 AND existed_before) AS before,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE counted = 0 AND exists_after) AS after,
        count_if(counted > 0) AS partial
    FROM lineages
    GROUP BY parent, year, contributors
)

SELECT
    c.body_id, c.year, c.indicator, c.applicant, c.members_missing, m.members, c.missing_lineages_before,
    c.missing_lineages_after, c.partial_lineages
FROM compiled AS c
INNER JOIN totals AS t
    ON t.parent = c.body_id AND t.year = c.year AND t.indicator = c.indicator AND t.applicant = c.applicant
LEFT JOIN gaps AS g ON g.parent = t.parent AND g.year = t.year AND g.contributors = t.contributors
LEFT JOIN members AS m ON m.parent = t.parent AND m.year = t.year AND m.contributors = t.contributors
WHERE
    list_sort(string_split(c.members_missing, ' ')) IS DISTINCT FROM m.members
    OR c.missing_lineages_before IS DISTINCT FROM g.before
    OR c.missing_lineages_after IS DISTINCT FROM g.after
    OR c.partial_lineages <> coalesce(g.partial, 0)
