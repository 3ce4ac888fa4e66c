-- One row per body in $bodies, basis and indicator: the years with a prior figure, and the growths of the totals. All
-- lists have the same order, which is not that of the years.
SELECT
    g.body_id, g.basis, i.position, list(g.year) AS years, list(CAST(g.growth_percent AS DOUBLE)) AS percents,
    list(g.prior_basis) AS prior_bases
FROM growth AS g
INNER JOIN indicators AS i ON i.indicator = g.indicator
WHERE g.applicant = 'total' AND g.prior_basis != 'missing' AND g.body_id IN (SELECT unnest($bodies))
GROUP BY ALL
ORDER BY g.body_id, g.basis, i.position
