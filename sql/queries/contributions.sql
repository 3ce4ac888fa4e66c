-- 汇总数的增减来自哪些成员，机关变更的按沿革合并（-p body=… -p year=… -p indicator=…） / growth of a compiled figure by member
WITH parts AS (
    SELECT c.body_id, c.year, b.lineage, o.value, o.series, o.in_doubt, o.provenance
    FROM contributors AS c
    INNER JOIN bodies AS b ON b.body_id = c.contributor
    INNER JOIN observations AS o ON o.body_id = c.contributor AND o.year = c.year
    WHERE
        o.indicator = coalesce($indicator, 'applications.new')
        AND o.applicant = 'total'
        AND ($body IS NULL OR c.body_id = $body)
        AND o.value IS NOT NULL
),

lineages AS (
    SELECT
        body_id, year, lineage, sum(value) AS value, count(in_doubt) AS in_doubt, max(series) AS series,
        CASE WHEN min(provenance) = max(provenance) THEN min(provenance) ELSE 'mixed' END AS provenance
    FROM parts
    GROUP BY body_id, year, lineage
),

-- A member that reported the year before but not this year is listed without a value.
listed AS (
    SELECT body_id, year, lineage FROM lineages
    UNION
    SELECT l.body_id, l.year + 1, l.lineage
    FROM lineages AS l
    WHERE EXISTS (SELECT 1 FROM lineages AS n WHERE n.body_id = l.body_id AND n.year = l.year + 1)
),

names AS (
    SELECT lineage, string_agg(name, '、' ORDER BY coalesce(last_year, 9999) DESC, body_id) AS members
    FROM bodies
    GROUP BY lineage
)

SELECT
    k.year, b.name AS body, n.members, p.value AS prior, a.value,
    CASE WHEN p.series = a.series THEN a.value - p.value END AS change,
    CAST(
        CASE WHEN p.series = a.series AND t.prior > 0 THEN round(100e0 * (a.value - p.value) / t.prior, 2) END AS DECIMAL(18, 2)
    ) AS percentage_points,
    t.growth_percent AS growth_of_total, coalesce(a.in_doubt, 0) + coalesce(p.in_doubt, 0) AS in_doubt,
    CASE
        WHEN a.provenance <> p.provenance THEN 'mixed'
        ELSE coalesce(a.provenance, p.provenance)
    END AS provenance
FROM listed AS k
LEFT JOIN lineages AS a ON a.body_id = k.body_id AND a.year = k.year AND a.lineage = k.lineage
LEFT JOIN lineages AS p ON p.body_id = k.body_id AND p.year = k.year - 1 AND p.lineage = k.lineage
INNER JOIN bodies AS b ON b.body_id = k.body_id
INNER JOIN names AS n ON n.lineage = k.lineage
LEFT JOIN growth AS t
    ON t.body_id = k.body_id
    AND t.basis = 'compiled'
    AND t.year = k.year
    AND t.indicator = coalesce($indicator, 'applications.new')
    AND t.applicant = 'total'
WHERE ($year IS NULL OR k.year = CAST($year AS INTEGER)) AND ($body IS NOT NULL OR b.level = 'city')
ORDER BY k.year, k.body_id, abs(a.value - p.value) DESC NULLS LAST, k.lineage
