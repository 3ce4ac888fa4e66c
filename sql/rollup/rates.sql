-- One row per body, basis, year and rate: numerator, denominator and their ratio in percent.
-- `rate_terms` lists the terms of a rate. The ratio is null if a term is missing or the numerator is negative (a misprint).
WITH terms AS (
    SELECT body_id, 'reported' AS basis, year, indicator, series, value, provenance
    FROM observations
    WHERE applicant = 'total'
    UNION ALL
    SELECT body_id, 'compiled', year, indicator, series, compiled, compiled_provenance
    FROM city_year
    WHERE applicant = 'total' AND compiled IS NOT NULL
),

term_counts AS (
    SELECT rate, part, count(*) AS terms FROM rate_terms GROUP BY rate, part
),

sums AS (
    SELECT
        f.body_id, f.basis, f.year, t.rate, t.part,
        CASE WHEN count(f.value) = max(w.terms) THEN sum(t.sign * f.value) END AS value,
        CASE WHEN count(f.series) = count(*) THEN max(f.series) END AS series,
        min(f.provenance) AS least_provenance,
        max(f.provenance) AS greatest_provenance
    FROM terms AS f
    INNER JOIN rate_terms AS t ON t.indicator = f.indicator
    INNER JOIN term_counts AS w ON w.rate = t.rate AND w.part = t.part
    GROUP BY f.body_id, f.basis, f.year, t.rate, t.part
)

SELECT
    n.body_id, n.basis, n.year, n.rate,
    CASE WHEN n.series IS NOT NULL AND d.series IS NOT NULL THEN greatest(n.series, d.series) END AS series,
    CAST(n.value AS DECIMAL(18, 6)) AS numerator,
    CAST(d.value AS DECIMAL(18, 6)) AS denominator,
    CASE WHEN d.value > 0 AND n.value >= 0 THEN CAST(round(100e0 * n.value / d.value, 4) AS DECIMAL(18, 4)) END AS percent,
    CASE
        WHEN n.least_provenance = n.greatest_provenance
            AND d.least_provenance = n.least_provenance
            AND d.greatest_provenance = n.least_provenance
            THEN n.least_provenance
        ELSE 'mixed'
    END AS provenance
FROM sums AS n
INNER JOIN sums AS d ON d.body_id = n.body_id AND d.basis = n.basis AND d.year = n.year AND d.rate = n.rate
WHERE n.part = 'numerator' AND d.part = 'denominator'
