-- One row per body, basis, year, indicator and kind of applicant: the figure next to the previous year's figure.
-- If other bodies became part of a body, the previous figure is their sum. For a new body it is 0, after a split null.
-- Looks back one year.
WITH series AS (
    SELECT body_id, 'reported' AS basis, year, indicator, applicant, unit, value, prior, prior_basis, provenance
    FROM own_growth
    UNION ALL
    SELECT body_id, 'reported', year, indicator, applicant, unit, value, prior, prior_basis, provenance
    FROM inherited_growth
    UNION ALL
    SELECT body_id, 'compiled', year, indicator, applicant, unit, value, prior, prior_basis, provenance
    FROM compiled_growth
)

SELECT
    body_id, basis, year, indicator, applicant, unit, value,
    CAST(prior AS DECIMAL(18, 6)) AS prior,
    prior_basis,
    CAST(value - prior AS DECIMAL(18, 6)) AS change,
    CASE
        WHEN prior > 0 AND prior_basis IN ('same', 'predecessors')
            THEN CAST(round(100e0 * (value - prior) / prior, 4) AS DECIMAL(18, 4))
    END AS growth_percent,
    prior_basis IN ('same', 'predecessors', 'new') AS comparable,
    provenance
FROM series
