-- One row per report and total figure above 0 that one cell gives: the figure next to the body's figure of the year before.
-- `prior` is null if the years are not comparable, or if only one of the two figures is simulated.
-- Looks back one year.
WITH pairs AS (
    SELECT body_id, year, indicator, prior, prior_basis, prior_provenance
    FROM own_growth
    WHERE applicant = 'total' AND value > 0
    UNION ALL
    SELECT body_id, year, indicator, prior, prior_basis, prior_provenance
    FROM inherited_growth
    WHERE applicant = 'total' AND value > 0
)

SELECT
    o.report_id, o.body_id, o.year, r.level, o.provenance = 'simulated' AS is_simulated, o.indicator, o.cell, o.unit,
    CAST(o.value AS DOUBLE) AS value,
    CASE
        WHEN p.prior_basis IN ('same', 'predecessors')
            AND (o.provenance = 'simulated') = (p.prior_provenance = 'simulated')
            AND p.prior_provenance <> 'mixed'
            THEN CAST(p.prior AS DOUBLE)
    END AS prior,
    o.in_doubt, o.provenance
FROM observations AS o
INNER JOIN reports AS r ON r.report_id = o.report_id
INNER JOIN pairs AS p ON p.body_id = o.body_id AND p.year = o.year AND p.indicator = o.indicator
WHERE o.applicant = 'total' AND o.value > 0 AND o.cell NOT LIKE '%+%'
