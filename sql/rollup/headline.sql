-- One row per body with members, year and headline indicator: the compiled and the reported figure, each with its growth.
SELECT
    c.body_id, c.body, c.level, c.year, c.indicator, i.zh, i.en, c.unit,
    c.compiled, c.compiled_provenance, c.in_doubt, c.implied, c.members_counted, c.members_substituted, c.members_expected,
    g.growth_percent AS compiled_growth,
    g.in_doubt AS growth_in_doubt,
    g.implied_growth,
    c.reported, c.reported_in_doubt, c.reported_provenance,
    CAST(r.value AS DECIMAL(18, 4)) AS reported_growth,
    c.difference
FROM compiled AS c
INNER JOIN indicators AS i ON i.indicator = c.indicator
LEFT JOIN growth AS g
    ON g.body_id = c.body_id
    AND g.basis = 'compiled'
    AND g.year = c.year
    AND g.indicator = c.indicator
    AND g.applicant = c.applicant
LEFT JOIN observations AS r
    ON r.body_id = c.body_id AND r.year = c.year AND r.indicator = concat(c.indicator, '_growth')
WHERE
    c.applicant = 'total'
    AND c.indicator IN (
        'disclosed.items', 'applications.new', 'applications.carried_in', 'applications.handled',
        'applications.carried_out', 'review.total', 'litigation.total'
    )
