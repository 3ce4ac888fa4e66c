-- One row per body, basis, year and rate: numerator, denominator and their ratio in percent.
-- `rate_terms` lists the terms of a rate. The ratio is null if a term is missing or the numerator is negative (a misprint).
-- A compiled rate sums the reports that gave all its terms: numerator and denominator count the same bodies.
WITH term_counts AS (
    SELECT rate, part, count(*) AS terms FROM rate_terms GROUP BY rate, part
),

sums AS (
    SELECT
        o.body_id, o.year, t.rate, t.part,
        CASE WHEN count(o.value) = max(w.terms) THEN sum(t.sign * o.value) END AS value,
        sum(t.sign * CASE WHEN o.in_doubt = 'certified' THEN o.implied ELSE o.value END) AS implied,
        count(o.in_doubt) AS doubts,
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
        n.implied AS implied_numerator,
        d.implied AS implied_denominator,
        n.doubts + d.doubts AS doubts,
        n.value IS NOT NULL AND d.value IS NOT NULL AS is_complete,
        n.provenance
    FROM sums AS n
    INNER JOIN sums AS d ON d.body_id = n.body_id AND d.year = n.year AND d.rate = n.rate AND d.part = 'denominator'
    WHERE n.part = 'numerator'
),

-- Provenance and series of the reports that are counted, or of all if none is.
summed AS (
    SELECT
        c.body_id, o.year, o.rate,
        sum(o.numerator) FILTER (WHERE o.is_complete) AS numerator,
        sum(o.denominator) FILTER (WHERE o.is_complete) AS denominator,
        sum(o.implied_numerator) FILTER (WHERE o.is_complete) AS implied_numerator,
        sum(o.implied_denominator) FILTER (WHERE o.is_complete) AS implied_denominator,
        count(CASE WHEN o.is_complete AND o.doubts > 0 THEN 1 END) AS doubts,
        count(DISTINCT CASE WHEN o.is_complete THEN c.member END) AS members_counted,
        coalesce(min(o.series) FILTER (WHERE o.is_complete), min(o.series)) AS least_series,
        coalesce(max(o.series) FILTER (WHERE o.is_complete), max(o.series)) AS greatest_series,
        coalesce(min(o.provenance) FILTER (WHERE o.is_complete), min(o.provenance)) AS least_provenance,
        coalesce(max(o.provenance) FILTER (WHERE o.is_complete), max(o.provenance)) AS greatest_provenance
    FROM own AS o
    INNER JOIN contributors AS c ON c.contributor = o.body_id AND c.year = o.year
    GROUP BY c.body_id, o.year, o.rate
),

both_bases AS (
    SELECT
        body_id, 'reported' AS basis, year, rate, series, numerator, denominator, implied_numerator, implied_denominator,
        CASE WHEN is_complete THEN doubts ELSE 0 END AS doubts,
        CAST(NULL AS BIGINT) AS members_counted, CAST(NULL AS BIGINT) AS members_expected, provenance
    FROM own
    UNION ALL
    SELECT
        c.body_id, 'compiled', c.year, c.rate,
        CASE WHEN c.least_series = c.greatest_series THEN c.least_series END,
        c.numerator, c.denominator, c.implied_numerator, c.implied_denominator, c.doubts, c.members_counted, m.expected,
        CASE WHEN c.least_provenance = c.greatest_provenance THEN c.least_provenance ELSE 'mixed' END
    FROM summed AS c
    INNER JOIN member_counts AS m ON m.body_id = c.body_id AND m.year = c.year
)

SELECT
    body_id, basis, year, rate, series,
    CAST(numerator AS DECIMAL(18, 6)) AS numerator,
    CAST(denominator AS DECIMAL(18, 6)) AS denominator,
    CASE WHEN denominator > 0 AND numerator >= 0 THEN CAST(round(100e0 * numerator / denominator, 4) AS DECIMAL(18, 4)) END
        AS percent,
    CAST(doubts AS BIGINT) AS in_doubt,
    CASE
        WHEN implied_denominator > 0
            AND implied_numerator >= 0
            AND (implied_numerator <> numerator OR implied_denominator <> denominator)
            THEN CAST(round(100e0 * implied_numerator / implied_denominator, 4) AS DECIMAL(18, 4))
    END AS implied_percent,
    members_counted, members_expected, provenance
FROM both_bases
