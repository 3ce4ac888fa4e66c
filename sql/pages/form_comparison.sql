-- One row per cell of $form with a figure of $body: compiled, reported, and that of the year before, which $basis chooses.
-- The figure of the year before is the one that the body itself reported, if all members are counted now. Otherwise it is
-- the sum over the same members.
SELECT
    x."table", x."row", CASE WHEN x."column" = '*' THEN c.applicant ELSE x."column" END AS "column",
    c.compiled, c.reported,
    CASE
        WHEN p.reported IS NOT NULL AND ($basis = 'reported' OR c.members_counted = c.members_expected) THEN p.reported
        WHEN g.prior_basis IN ('same', 'predecessors') THEN g.prior
    END AS prior,
    CASE
        WHEN p.reported IS NOT NULL AND ($basis = 'reported' OR c.members_counted = c.members_expected) THEN 'reported'
        WHEN g.prior_basis IN ('same', 'predecessors') THEN $basis
    END AS prior_basis,
    CASE
        WHEN p.reported IS NOT NULL AND ($basis = 'reported' OR c.members_counted = c.members_expected)
            THEN p.reported_provenance
        WHEN g.prior_basis IN ('same', 'predecessors') THEN g.provenance
    END AS prior_provenance
FROM crosswalk AS x
INNER JOIN compiled AS c ON c.indicator = x.indicator AND (x."column" = '*' OR c.applicant = 'total')
LEFT JOIN growth AS g
    ON g.body_id = c.body_id AND g.year = c.year AND g.basis = $basis AND g.indicator = c.indicator
    AND g.applicant = c.applicant
LEFT JOIN compiled AS p
    ON p.body_id = c.body_id AND p.year = c.year - 1 AND p.indicator = c.indicator AND p.applicant = c.applicant
    AND p.series = c.series
WHERE (x.form = $form OR x.form = '*') AND x.relation <> 'part' AND c.body_id = $body AND c.year = $year
