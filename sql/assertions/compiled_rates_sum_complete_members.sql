-- One row per compiled rate that is missing, or whose parts are not the sums over the members that gave all its terms.
-- Severity: error.
WITH sums AS (
    SELECT
        m.city_id, m.year, p.rate,
        p.numerator IS NOT NULL AND p.denominator IS NOT NULL AS is_complete,
        count(*) AS members,
        sum(p.numerator) AS numerator,
        sum(p.denominator) AS denominator,
        if(min(p.series) = max(p.series), min(p.series), NULL) AS series,
        if(min(p.provenance) = max(p.provenance), min(p.provenance), 'mixed') AS provenance
    FROM rate_parts AS p
    INNER JOIN due_members AS m ON m.body_id = p.body_id AND m.year = p.year
    GROUP BY m.city_id, m.year, p.rate, is_complete
),

cities AS (
    SELECT city_id, year, rate, bool_or(is_complete) AS is_complete FROM sums GROUP BY city_id, year, rate
),

shown AS (
    SELECT body_id, year, rate, series, numerator, denominator, members_counted, provenance FROM rates WHERE basis = 'compiled'
)

SELECT
    coalesce(r.body_id, c.city_id) AS body_id,
    coalesce(r.year, c.year) AS year,
    coalesce(r.rate, c.rate) AS rate,
    r.numerator, s.numerator AS sum_of_members, r.denominator, s.denominator AS sum_below, r.members_counted, r.provenance
FROM shown AS r
FULL JOIN cities AS c ON c.city_id = r.body_id AND c.year = r.year AND c.rate = r.rate
LEFT JOIN sums AS s
    ON s.city_id = c.city_id AND s.year = c.year AND s.rate = c.rate AND s.is_complete = c.is_complete
WHERE
    r.members_counted IS DISTINCT FROM if(c.is_complete, s.members, 0)
    OR r.numerator IS DISTINCT FROM if(c.is_complete, s.numerator, NULL)
    OR r.denominator IS DISTINCT FROM if(c.is_complete, s.denominator, NULL)
    OR r.series IS DISTINCT FROM s.series
    OR r.provenance IS DISTINCT FROM s.provenance
