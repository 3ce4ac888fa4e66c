-- One row per reported figure whose previous figure, or the origin of it, is not that of its sources the year before.
-- Severity: error.
-- Within one body.
WITH expected AS (
    SELECT
        body_id, year, indicator, applicant,
        CASE WHEN NOT is_split AND known = sources THEN coalesce(prior, 0) END AS prior,
        CASE
            WHEN is_split THEN 'split'
            WHEN sources = 0 THEN 'new'
            WHEN known < sources THEN 'missing'
            WHEN is_broken THEN 'series_broken'
            WHEN has_others THEN 'predecessors'
            ELSE 'same'
        END AS prior_basis
    FROM expected_growth
)

SELECT g.body_id, g.year, g.indicator, g.applicant, g.prior, e.prior AS expected_prior, g.prior_basis,
    e.prior_basis AS expected_basis
FROM growth AS g
LEFT JOIN expected AS e
    ON e.body_id = g.body_id AND e.year = g.year AND e.indicator = g.indicator AND e.applicant = g.applicant
WHERE
    g.basis = 'reported' AND (g.prior IS DISTINCT FROM e.prior OR g.prior_basis IS DISTINCT FROM e.prior_basis)
