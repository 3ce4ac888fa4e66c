-- One row per region, year, indicator and kind of applicant: the figure of its government, else the sum of its members.
-- `level` is the level in GB/T 2260. `basis` says which of the two the value is. `per_100k` is the figure per 100,000
-- inhabitants; it is null without a population of that year, and for money and percentages.
WITH region_values AS (
    SELECT
        o.body_id, o.year, o.indicator, o.applicant, o.series, o.unit, o.value, 'reported' AS basis,
        CASE WHEN o.in_doubt IS NULL THEN 0 ELSE 1 END AS in_doubt,
        CAST(NULL AS BIGINT) AS members_counted, CAST(NULL AS BIGINT) AS members_expected, o.provenance
    FROM observations AS o
    WHERE o.value IS NOT NULL
    UNION ALL
    SELECT
        c.body_id, c.year, c.indicator, c.applicant, c.series, c.unit, c.compiled, 'compiled', c.in_doubt,
        c.members_counted, c.members_expected, c.compiled_provenance
    FROM compiled AS c
    WHERE c.compiled IS NOT NULL AND c.reported IS NULL
)

SELECT
    v.body_id AS region_code, coalesce(r.name, b.name) AS region,
    CASE WHEN b.level = 'nation' THEN 'nation' ELSE r.level END AS level,
    b.province, b.city,
    v.year, v.indicator, v.applicant, v.series, v.value, v.unit, v.basis, v.members_counted, v.members_expected, v.in_doubt,
    p.population,
    CASE WHEN v.unit NOT IN ('元', '万元', '%') THEN CAST(round(1e5 * v.value / p.population, 4) AS DECIMAL(18, 4)) END
        AS per_100k,
    v.provenance
FROM region_values AS v
INNER JOIN bodies AS b ON b.body_id = v.body_id AND b.body_id = b.region_code
LEFT JOIN regions AS r
    ON r.code = v.body_id AND r.first_year <= v.year AND coalesce(r.last_year, 9999) >= v.year
LEFT JOIN population AS p ON p.code = v.body_id AND p.year = v.year
WHERE r.code IS NOT NULL OR b.level = 'nation'
