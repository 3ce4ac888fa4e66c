-- One row per body, basis, year, indicator and kind of applicant: the figure next to the previous year's figure.
-- If other bodies became part of a body, the previous figure is their sum. For a new body it is 0, after a split null.
-- `implied_growth` is the growth with the values of certified proposals, where it differs.
-- There is no change or growth where the forms of the two years count the indicator otherwise; `note` says in what.
-- Looks back one year.
WITH figures AS (
    SELECT body_id, 'reported' AS basis, year, indicator, applicant, unit, series, value, implied, prior,
        implied_prior, doubts, prior_basis, provenance
    FROM own_growth
    UNION ALL
    SELECT body_id, 'reported', year, indicator, applicant, unit, series, value, implied, prior,
        implied_prior, doubts, prior_basis, provenance
    FROM inherited_growth
    UNION ALL
    SELECT body_id, 'compiled', year, indicator, applicant, unit, series, value, implied, prior,
        implied_prior, doubts, prior_basis, provenance
    FROM compiled_growth
),

breaks AS (
    SELECT indicator, series, max(note) AS note FROM crosswalk WHERE series > 1 GROUP BY indicator, series
)

SELECT
    f.body_id, f.basis, f.year, f.indicator, f.applicant, f.unit, f.series, f.value,
    CAST(f.prior AS DECIMAL(18, 6)) AS prior,
    f.prior_basis,
    CASE WHEN f.prior_basis <> 'series_broken' THEN CAST(f.value - f.prior AS DECIMAL(18, 6)) END AS change,
    CASE
        WHEN f.prior > 0 AND f.prior_basis IN ('same', 'predecessors')
            THEN CAST(round(100e0 * (f.value - f.prior) / f.prior, 4) AS DECIMAL(18, 4))
    END AS growth_percent,
    f.prior_basis IN ('same', 'predecessors', 'new') AS comparable,
    CAST(f.doubts AS BIGINT) AS in_doubt,
    CASE
        WHEN f.implied_prior > 0
            AND f.prior_basis IN ('same', 'predecessors')
            AND (f.implied <> f.value OR f.implied_prior <> f.prior)
            THEN CAST(round(100e0 * (f.implied - f.implied_prior) / f.implied_prior, 4) AS DECIMAL(18, 4))
    END AS implied_growth,
    CASE WHEN f.prior_basis = 'series_broken' THEN b.note END AS note,
    f.provenance
FROM figures AS f
LEFT JOIN breaks AS b ON b.indicator = f.indicator AND b.series = f.series
