-- One row per growth whose implied value is not that of its figures with the values of certified proposals.
-- Severity: error.
-- Within one body.
WITH pairs AS (
    SELECT
        g.body_id, g.basis, g.year, g.indicator, g.applicant, g.implied_growth, o.value, p.value AS prior,
        if(o.in_doubt = 'certified', o.implied, o.value) AS implied,
        if(p.in_doubt = 'certified', p.implied, p.value) AS implied_prior
    FROM growth AS g
    INNER JOIN observations AS o
        ON o.body_id = g.body_id AND o.year = g.year AND o.indicator = g.indicator AND o.applicant = g.applicant
    INNER JOIN earlier.observations AS p
        ON p.body_id = g.body_id AND p.year = g.year - 1 AND p.indicator = g.indicator AND p.applicant = g.applicant
    WHERE g.basis = 'reported' AND g.prior_basis = 'same'
    UNION ALL
    SELECT
        g.body_id, g.basis, g.year, g.indicator, g.applicant, g.implied_growth, c.compiled, p.compiled,
        coalesce(c.implied, c.compiled), coalesce(p.implied, p.compiled)
    FROM growth AS g
    INNER JOIN compiled AS c
        ON c.body_id = g.body_id AND c.year = g.year AND c.indicator = g.indicator AND c.applicant = g.applicant
    INNER JOIN earlier.compiled AS p
        ON p.body_id = g.body_id AND p.year = g.year - 1 AND p.indicator = g.indicator AND p.applicant = g.applicant
    WHERE g.basis = 'compiled' AND g.prior_basis = 'same'
)

SELECT body_id, basis, year, indicator, applicant, implied_growth, value, implied, prior, implied_prior
FROM pairs
WHERE
    (implied_growth IS NULL) <> (implied_prior <= 0 OR (implied = value AND implied_prior = prior))
    OR abs(implied_growth - (100e0 * implied / nullif(implied_prior, 0) - 100)) > 0.0001
UNION ALL
SELECT body_id, basis, year, indicator, applicant, implied_growth, value, NULL, prior, NULL
FROM growth
WHERE implied_growth IS NOT NULL AND (in_doubt = 0 OR prior_basis NOT IN ('same', 'predecessors'))
