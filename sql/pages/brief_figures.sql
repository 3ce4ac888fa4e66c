-- One row per indicator of $body on $year: the compiled figure, the reported one, the figure of the year before as
-- `form_comparison.sql` chooses it, and the sums over the members with comparable figures in both years.
WITH same_members AS (
    SELECT g.indicator, sum(g.value) AS value, sum(g.prior) AS prior, count(*) AS members
    FROM growth AS g
    INNER JOIN due AS d ON d.body_id = g.body_id AND d.year = g.year
    WHERE
        d.parent = $body AND g.year = $year AND g.basis = 'reported' AND g.applicant = 'total' AND g.prior_basis = 'same'
    GROUP BY g.indicator
)

SELECT
    c.indicator, i.zh, i.en, i.unit, c.compiled, c.reported,
    CASE
        WHEN p.reported IS NOT NULL AND c.members_counted = c.members_expected THEN p.reported
        WHEN g.prior_basis IN ('same', 'predecessors') THEN g.prior
    END AS prior,
    m.value AS member_value, m.prior AS member_prior, m.members
FROM compiled AS c
INNER JOIN indicators AS i ON i.indicator = c.indicator
LEFT JOIN growth AS g
    ON g.body_id = c.body_id AND g.year = c.year AND g.basis = 'compiled' AND g.indicator = c.indicator
    AND g.applicant = c.applicant
LEFT JOIN compiled AS p
    ON p.body_id = c.body_id AND p.year = c.year - 1 AND p.indicator = c.indicator AND p.applicant = c.applicant
    AND p.series = c.series
LEFT JOIN same_members AS m ON m.indicator = c.indicator
WHERE c.body_id = $body AND c.year = $year AND c.applicant = 'total'
ORDER BY i.position
