-- 各机关一项指标的同比增长，从高到低（-p indicator=… -p year=… -p basis=reported|compiled -p body=…） / growth, highest first
SELECT
    g.year, b.name AS body, g.basis, g.indicator, g.value, g.prior, g.change, g.growth_percent, g.prior_basis, g.in_doubt,
    g.implied_growth, g.note, g.provenance
FROM growth AS g
INNER JOIN bodies AS b ON b.body_id = g.body_id
WHERE
    g.applicant = 'total'
    AND g.indicator = coalesce($indicator, 'disclosed.items')
    AND ($year IS NULL OR g.year = CAST($year AS INTEGER))
    AND ($basis IS NULL OR g.basis = $basis)
    AND ($body IS NULL OR g.body_id = $body)
    AND (g.prior IS NOT NULL OR $body IS NOT NULL)
ORDER BY g.year, g.growth_percent DESC NULLS LAST, g.body_id, g.basis
