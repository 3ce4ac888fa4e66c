-- One row per growth or reported rate that counts other doubts than those of its figures.
-- Severity: error.
-- Within one body.
WITH shown AS (
    SELECT
        'rates' AS "table", r.body_id, r.year, r.rate AS item, 'total' AS applicant, max(r.in_doubt) AS in_doubt,
        if(max(r.numerator) IS NULL OR max(r.denominator) IS NULL, 0, count(o.in_doubt)) AS expected
    FROM rates AS r
    INNER JOIN rate_terms AS t ON t.rate = r.rate
    LEFT JOIN observations AS o
        ON o.body_id = r.body_id AND o.year = r.year AND o.indicator = t.indicator AND o.applicant = 'total'
    WHERE r.basis = 'reported'
    GROUP BY r.body_id, r.year, r.rate
    UNION ALL
    SELECT
        'growth', g.body_id, g.year, g.indicator, g.applicant, g.in_doubt,
        c.in_doubt + coalesce(p.in_doubt, 0)
    FROM growth AS g
    INNER JOIN compiled AS c
        ON c.body_id = g.body_id AND c.year = g.year AND c.indicator = g.indicator AND c.applicant = g.applicant
    LEFT JOIN earlier.compiled AS p
        ON p.body_id = g.body_id
        AND p.year = g.year - 1
        AND p.indicator = g.indicator
        AND p.applicant = g.applicant
        AND p.compiled IS NOT NULL
    WHERE g.basis = 'compiled'
    UNION ALL
    SELECT
        'growth', g.body_id, g.year, g.indicator, g.applicant, g.in_doubt,
        if(o.in_doubt IS NULL, 0, 1) + if(g.prior_basis = 'same' AND p.in_doubt IS NOT NULL, 1, 0)
    FROM growth AS g
    INNER JOIN observations AS o
        ON o.body_id = g.body_id AND o.year = g.year AND o.indicator = g.indicator AND o.applicant = g.applicant
    LEFT JOIN earlier.observations AS p
        ON p.body_id = g.body_id AND p.year = g.year - 1 AND p.indicator = g.indicator AND p.applicant = g.applicant
    WHERE g.basis = 'reported' AND g.prior_basis IN ('same', 'new')
)

SELECT "table", body_id, year, item, applicant, in_doubt, expected
FROM shown
WHERE in_doubt <> expected
