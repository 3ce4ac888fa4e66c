-- One row per body, basis, year and rate: numerator, denominator and their ratio in percent.
-- `rate_terms` lists the terms of a rate. The ratio is null if a term is missing or the numerator is negative (a misprint).
-- A compiled rate sums the members that gave all its terms: numerator and denominator count the same bodies.
WITH term_counts AS (
    SELECT rate, part, count(*) AS terms FROM rate_terms GROUP BY rate, part
),

sums AS (
    SELECT
        o.body_id, o.year, t.rate, t.part,
        CASE WHEN count(o.value) = max(w.terms) THEN sum(t.sign * o.value) END AS value,
        max(o.series) AS series,
        min(o.provenance) AS provenance
    FROM observations AS o
    INNER JOIN rate_terms AS t ON t.indicator = o.indicator
    INNER JOIN term_counts AS w ON w.rate = t.rate AND w.part = t.part
    WHERE o.applicant = 'total'
    GROUP BY o.body_id, o.year, t.rate, t.part
),

own AS (
    SELECT
        n.body_id, n.year, n.rate,
        greatest(n.series, d.series) AS series,
        n.value AS numerator,
        d.value AS denominator,
        n.value IS NOT NULL AND d.value IS NOT NULL AS is_complete,
        n.provenance
    FROM sums AS n
    INNER JOIN sums AS d ON d.body_id = n.body_id AND d.year = n.year AND d.rate = n.rate AND d.part = 'denominator'
    WHERE n.part = 'numerator'
),

-- Provenance and series of the members that are counted, or of all if none is.
compiled AS (
    SELECT
        c.city_id AS body_id, o.year, o.rate,
        sum(o.numerator) FILTER (WHERE o.is_complete) AS numerator,
        sum(o.denominator) FILTER (WHERE o.is_complete) AS denominator,
        count(CASE WHEN o.is_complete THEN 1 END) AS members_counted,
        coalesce(min(o.series) FILTER (WHERE o.is_complete), min(o.series)) AS least_series,
        coalesce(max(o.series) FILTER (WHERE o.is_complete), max(o.series)) AS greatest_series,
        coalesce(min(o.provenance) FILTER (WHERE o.is_complete), min(o.provenance)) AS least_provenance,
        coalesce(max(o.provenance) FILTER (WHERE o.is_complete), max(o.provenance)) AS greatest_provenance
    FROM own AS o
    INNER JOIN coverage AS c ON c.body_id = o.body_id AND c.year = o.year AND c.status = 'loaded'
    GROUP BY c.city_id, o.year, o.rate
),

both_bases AS (
    SELECT
        body_id, 'reported' AS basis, year, rate, series, numerator, denominator,
        CAST(NULL AS BIGINT) AS members_counted, CAST(NULL AS BIGINT) AS members_expected, provenance
    FROM own
    UNION ALL
    SELECT
        c.body_id, 'compiled', c.year, c.rate,
        CASE WHEN c.least_series = c.greatest_series THEN c.least_series END,
        c.numerator, c.denominator, c.members_counted, m.expected,
        CASE WHEN c.least_provenance = c.greatest_provenance THEN c.least_provenance ELSE 'mixed' END
    FROM compiled AS c
    INNER JOIN member_counts AS m ON m.city_id = c.body_id AND m.year = c.year
)

SELECT
    body_id, basis, year, rate, series,
    CAST(numerator AS DECIMAL(18, 6)) AS numerator,
    CAST(denominator AS DECIMAL(18, 6)) AS denominator,
    CASE WHEN denominator > 0 AND numerator >= 0 THEN CAST(round(100e0 * numerator / denominator, 4) AS DECIMAL(18, 4)) END
        AS percent,
    members_counted, members_expected, provenance
FROM both_bases
