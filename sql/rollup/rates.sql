-- One row a body, basis, year and rate: numerator, denominator and their ratio in percent, null where it has no meaning.
-- What goes into a rate is data (rate_terms); one term that is missing makes the rate unknown, a misprint below 0 too.
WITH figures_of AS (
    SELECT body_id, 'reported' AS basis, year, indicator, value, provenance
    FROM observations
    WHERE applicant = 'total'
    UNION ALL
    SELECT body_id, 'compiled', year, indicator, compiled, compiled_provenance
    FROM city_year
    WHERE applicant = 'total' AND compiled IS NOT NULL
),

wanted AS (
    SELECT rate, part, count(*) AS terms FROM rate_terms GROUP BY rate, part
),

sums AS (
    SELECT
        f.body_id, f.basis, f.year, t.rate, t.part,
        CASE WHEN count(f.value) = max(w.terms) THEN sum(t.sign * f.value) END AS value,
        min(f.provenance) AS least,
        max(f.provenance) AS most
    FROM figures_of AS f
    INNER JOIN rate_terms AS t ON t.indicator = f.indicator
    INNER JOIN wanted AS w ON w.rate = t.rate AND w.part = t.part
    GROUP BY f.body_id, f.basis, f.year, t.rate, t.part
)

SELECT
    n.body_id, n.basis, n.year, n.rate,
    CAST(n.value AS DECIMAL(18, 6)) AS numerator,
    CAST(d.value AS DECIMAL(18, 6)) AS denominator,
    CASE WHEN d.value > 0 AND n.value >= 0 THEN CAST(round(100e0 * n.value / d.value, 4) AS DECIMAL(18, 4)) END AS percent,
    CASE WHEN n.least = n.most AND d.least = n.least AND d.most = n.least THEN n.least ELSE 'mixed' END AS provenance
FROM sums AS n
INNER JOIN sums AS d ON d.body_id = n.body_id AND d.basis = n.basis AND d.year = n.year AND d.rate = n.rate
WHERE n.part = 'numerator' AND d.part = 'denominator'
