-- One row per compiled rate that is missing, or whose parts are not the sums over the reports that gave all its terms.
-- Severity: error.
WITH sums AS (
    SELECT
        m.body_id AS parent, m.year, p.rate,
        p.numerator IS NOT NULL AND p.denominator IS NOT NULL AS is_complete,
        count(DISTINCT m.member) AS members,
        sum(p.numerator) AS numerator,
        sum(p.denominator) AS denominator,
        if(min(p.series) = max(p.series), min(p.series), NULL) AS series,
        if(min(p.provenance) = max(p.provenance), min(p.provenance), 'mixed') AS provenance
    FROM rate_parts AS p
    INNER JOIN counted_reports AS m ON m.contributor = p.body_id AND m.year = p.year
    GROUP BY m.body_id, m.year, p.rate, is_complete
),

parents AS (
    SELECT parent, year, rate, bool_or(is_complete) AS is_complete FROM sums GROUP BY parent, year, rate
),

shown AS (
    SELECT body_id, year, rate, series, numerator, denominator, members_counted, provenance FROM rates WHERE basis = 'compiled'
)

SELECT
    coalesce(r.body_id, c.parent) AS body_id,
    coalesce(r.year, c.year) AS year,
    coalesce(r.rate, c.rate) AS rate,
    r.numerator, s.numerator AS sum_of_members, r.denominator, s.denominator AS sum_below, r.members_counted, r.provenance
FROM shown AS r
FULL JOIN parents AS c ON c.parent = r.body_id AND c.year = r.year AND c.rate = r.rate
LEFT JOIN sums AS s
    ON s.parent = c.parent AND s.year = c.year AND s.rate = c.rate AND s.is_complete = c.is_complete
WHERE
    r.members_counted IS DISTINCT FROM if(c.is_complete, s.members, 0)
    OR r.numerator IS DISTINCT FROM if(c.is_complete, s.numerator, NULL)
    OR r.denominator IS DISTINCT FROM if(c.is_complete, s.denominator, NULL)
    OR r.series IS DISTINCT FROM s.series
    OR r.provenance IS DISTINCT FROM s.provenance
