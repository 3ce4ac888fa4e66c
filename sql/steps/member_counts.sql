-- One row per city and year: the member columns of every total to which all loaded members contribute.
-- Almost all totals are of this kind, so these columns are computed once per city and year, not once per total.
WITH counts AS (
    SELECT
        city_id, year,
        count(*) AS expected,
        count(CASE WHEN status = 'loaded' THEN 1 END) AS loaded,
        string_agg(body_id, ' ' ORDER BY body_id) FILTER (WHERE status <> 'loaded') AS absent,
        min(provenance) FILTER (WHERE status = 'loaded') AS least_provenance,
        max(provenance) FILTER (WHERE status = 'loaded') AS greatest_provenance
    FROM coverage
    GROUP BY city_id, year
),

absent_lineages AS (
    SELECT
        city_id, year,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE loaded = 0 AND existed_before) AS existed_before,
        string_agg(lineage, ' ' ORDER BY lineage) FILTER (WHERE loaded = 0 AND exists_after) AS exists_after,
        count(CASE WHEN loaded > 0 AND loaded < expected THEN 1 END) AS partial
    FROM lineages
    GROUP BY city_id, year
)

SELECT
    c.city_id, c.year, c.expected, c.loaded, c.absent,
    l.existed_before AS missing_lineages_before,
    l.exists_after AS missing_lineages_after,
    l.partial AS partial_lineages,
    CASE WHEN c.least_provenance = c.greatest_provenance THEN c.least_provenance
        WHEN c.loaded > 0 THEN 'mixed' END AS provenance
FROM counts AS c
INNER JOIN absent_lineages AS l ON l.city_id = c.city_id AND l.year = c.year
