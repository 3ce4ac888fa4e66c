-- One row per reported rate that is missing, or whose parts are not the signed sums of its terms.
-- Severity: error.
SELECT
    coalesce(r.body_id, p.body_id) AS body_id,
    coalesce(r.year, p.year) AS year,
    coalesce(r.rate, p.rate) AS rate,
    r.numerator, p.numerator AS sum_of_terms, r.denominator, p.denominator AS sum_below, r.provenance
FROM (SELECT body_id, year, rate, series, numerator, denominator, members_counted, members_expected, provenance FROM rates WHERE basis = 'reported') AS r
FULL JOIN rate_parts AS p ON p.body_id = r.body_id AND p.year = r.year AND p.rate = r.rate
WHERE
    r.numerator IS DISTINCT FROM p.numerator
    OR r.denominator IS DISTINCT FROM p.denominator
    OR r.series IS DISTINCT FROM p.series
    OR r.provenance IS DISTINCT FROM p.provenance
    OR r.members_counted IS NOT NULL
    OR r.members_expected IS NOT NULL
