-- One row per body with members and year: the member columns of every total to which all loaded reports contribute.
-- Almost all totals are of this kind, so these columns are computed once per body and year, not once per total.
WITH members AS (
    SELECT
        body_id, year, member,
        bool_or(status = 'loaded') AS is_counted,
        bool_or(status = 'loaded' AND contributor = member) AS is_loaded
    FROM descendants
    GROUP BY body_id, year, member
),

counts AS (
    SELECT
        body_id, year,
        count(*) AS expected,
        count(CASE WHEN is_loaded THEN 1 END) AS reported,
        count(CASE WHEN is_counted THEN 1 END) AS counted,
        string_agg(member, ' ' ORDER BY member) FILTER (WHERE NOT is_counted) AS absent
    FROM members
    GROUP BY body_id, year
),

sources AS (
    SELECT
        body_id, year,
        count(*) AS loaded,
        CASE WHEN min(provenance) = max(provenance) THEN min(provenance) ELSE 'mixed' END AS provenance
    FROM contributors
    GROUP BY body_id, year
),

absent_lineages AS (
    SELECT
        body_id, year,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE loaded = 0 AND existed_before) AS existed_before,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE loaded = 0 AND exists_after) AS exists_after,
        count(CASE WHEN loaded > 0 AND loaded < expected THEN 1 END) AS partial
    FROM lineages
    GROUP BY body_id, year
)

SELECT
    c.body_id, c.year, c.expected, c.reported, c.counted, c.absent,
    coalesce(s.loaded, 0) AS loaded,
    l.existed_before AS missing_lineages_before,
    l.exists_after AS missing_lineages_after,
    l.partial AS partial_lineages,
    s.provenance
FROM counts AS c
INNER JOIN absent_lineages AS l ON l.body_id = c.body_id AND l.year = c.year
LEFT JOIN sources AS s ON s.body_id = c.body_id AND s.year = c.year
