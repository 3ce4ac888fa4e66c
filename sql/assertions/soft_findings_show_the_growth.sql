-- One row per finding against the year before whose two numbers are not those of the growth of its indicator.
-- Severity: error.
-- Within one body.
SELECT f.report_id, f.identity, f."place", f.lhs, f.rhs, g.value, g.prior, g.prior_basis
FROM findings AS f
INNER JOIN observations AS o ON o.report_id = f.report_id AND o.cell = f."place" AND o.applicant = 'total'
LEFT JOIN growth AS g
    ON g.body_id = o.body_id
    AND g.basis = 'reported'
    AND g.year = o.year
    AND g.indicator = o.indicator
    AND g.applicant = o.applicant
WHERE
    f.identity IN ('year.factor', 'year.ratio')
    AND (
        f.lhs IS DISTINCT FROM g.value
        OR f.rhs IS DISTINCT FROM g.prior
        OR g.prior_basis NOT IN ('same', 'predecessors')
        OR o.in_doubt IS NOT NULL
    )
