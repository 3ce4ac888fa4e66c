-- One row per body, basis, year, indicator and kind of applicant: the figure, next to that of the year before.
-- The year before of a body is that of the bodies that became part of it as a whole; that of a new body is 0; after a
-- split there is none.
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
