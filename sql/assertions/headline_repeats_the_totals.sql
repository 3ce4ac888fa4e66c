-- One row per headline figure that is missing, or that differs from the total or growth that it repeats.
-- Severity: error.
-- Within one body.
WITH totals AS (
    SELECT
        c.body_id, c.level, c.year, c.indicator, c.unit, c.compiled, c.compiled_provenance, c.members_counted,
        c.members_substituted, c.members_expected, c.in_doubt, c.implied, c.reported, c.reported_in_doubt,
        c.reported_provenance, c.difference,
        g.growth_percent, g.in_doubt AS growth_in_doubt, g.implied_growth
    FROM compiled AS c
    LEFT JOIN growth AS g
        ON g.basis = 'compiled'
        AND g.body_id = c.body_id
        AND g.year = c.year
        AND g.indicator = c.indicator
        AND g.applicant = 'total'
    WHERE
        c.applicant = 'total'
        AND c.indicator IN (
            'applications.carried_in', 'applications.carried_out', 'applications.handled', 'applications.new',
            'disclosed.items', 'litigation.total', 'review.total'
        )
)

SELECT
    coalesce(h.body_id, t.body_id) AS body_id,
    coalesce(h.year, t.year) AS year,
    coalesce(h.indicator, t.indicator) AS indicator,
    h.compiled, t.compiled AS total, h.compiled_growth, t.growth_percent, h.reported, t.reported AS reported_total
FROM headline AS h
FULL JOIN totals AS t ON t.body_id = h.body_id AND t.year = h.year AND t.indicator = h.indicator
WHERE
    h.body_id IS NULL
    OR h.level IS DISTINCT FROM t.level
    OR h.unit IS DISTINCT FROM t.unit
    OR h.compiled IS DISTINCT FROM t.compiled
    OR h.compiled_provenance IS DISTINCT FROM t.compiled_provenance
    OR h.members_counted IS DISTINCT FROM t.members_counted
    OR h.members_substituted IS DISTINCT FROM t.members_substituted
    OR h.members_expected IS DISTINCT FROM t.members_expected
    OR h.in_doubt IS DISTINCT FROM t.in_doubt
    OR h.implied IS DISTINCT FROM t.implied
    OR h.compiled_growth IS DISTINCT FROM t.growth_percent
    OR h.growth_in_doubt IS DISTINCT FROM t.growth_in_doubt
    OR h.implied_growth IS DISTINCT FROM t.implied_growth
    OR h.reported IS DISTINCT FROM t.reported
    OR h.reported_in_doubt IS DISTINCT FROM t.reported_in_doubt
    OR h.reported_provenance IS DISTINCT FROM t.reported_provenance
    OR h.difference IS DISTINCT FROM t.difference
