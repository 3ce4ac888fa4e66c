-- One row per growth whose provenance is not that of the figures of both years.
-- Severity: error.
-- Within one body.
WITH both_years AS (
    SELECT
        e.body_id, 'reported' AS basis, e.year, e.indicator, e.applicant, e.shown_provenance,
        CASE
            WHEN e.prior_provenances = 0 OR (e.prior_provenances = 1 AND e.prior_provenance = o.provenance) THEN o.provenance
            ELSE 'mixed'
        END AS provenance
    FROM expected_growth AS e
    INNER JOIN observations AS o
        ON o.body_id = e.body_id AND o.year = e.year AND o.indicator = e.indicator AND o.applicant = e.applicant
    UNION ALL
    SELECT
        g.body_id, g.basis, g.year, g.indicator, g.applicant, g.provenance,
        if(c.compiled_provenance = coalesce(p.compiled_provenance, c.compiled_provenance), c.compiled_provenance, 'mixed')
    FROM growth AS g
    INNER JOIN compiled AS c
        ON c.body_id = g.body_id AND c.year = g.year AND c.indicator = g.indicator AND c.applicant = g.applicant
    LEFT JOIN earlier.compiled AS p
        ON p.body_id = g.body_id AND p.year = g.year - 1 AND p.indicator = g.indicator AND p.applicant = g.applicant
    WHERE g.basis = 'compiled'
)

SELECT body_id, basis, year, indicator, applicant, shown_provenance, provenance
FROM both_years
WHERE shown_provenance <> provenance
