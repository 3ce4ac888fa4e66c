-- One row per total that lacks a loaded report: the lineages missing from it, and those only partly in it.
WITH incomplete AS (
    SELECT total_id, body_id, year FROM sums WHERE counted < loaded
),

silent_lineages AS (
    SELECT
        s.total_id, l.lineage, l.existed_before, l.exists_after,
        l.loaded < l.expected AS was_partial,
        count(*) < l.loaded AS is_counted
    FROM silent_contributors AS s
    INNER JOIN lineages AS l ON l.body_id = s.body_id AND l.year = s.year AND l.lineage = s.lineage
    GROUP BY s.total_id, l.lineage, l.existed_before, l.exists_after, l.loaded, l.expected
),

-- `partial` is the difference to `member_counts.partial_lineages`, where every loaded report is counted.
gaps AS (
    SELECT i.total_id, l.lineage, l.existed_before, l.exists_after, 0 AS partial
    FROM incomplete AS i
    INNER JOIN lineages AS l ON l.body_id = i.body_id AND l.year = i.year AND l.loaded = 0
    UNION ALL
    SELECT
        total_id, lineage, existed_before AND NOT is_counted, exists_after AND NOT is_counted,
        CASE WHEN is_counted AND NOT was_partial THEN 1 WHEN was_partial AND NOT is_counted THEN -1 ELSE 0 END
    FROM silent_lineages
)

SELECT
    total_id,
    string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE existed_before) AS missing_lineages_before,
    string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE exists_after) AS missing_lineages_after,
    sum(partial) AS partial_lineages
FROM gaps
GROUP BY total_id
