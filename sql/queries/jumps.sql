-- 比上年变化最大的数，按变化的分量排列（-p body=本机关及其成员 -p basis=reported|compiled -p year=… -p indicator=…） / largest changes
SELECT
    g.year, b.name AS body, CASE WHEN $lang = 'en' THEN i.en ELSE i.zh END AS indicator, g.prior, g.value, g.change,
    CAST(CASE WHEN g.prior > 0 THEN round(1e0 * g.value / g.prior, 2) END AS DECIMAL(18, 2)) AS ratio,
    -- The weight of a change: relative to the larger figure, times the square root of that figure.
    CAST(round(abs(g.change) / sqrt(greatest(abs(g.value), abs(g.prior))), 2) AS DECIMAL(18, 2)) AS score,
    g.in_doubt, g.prior_basis, g.provenance
FROM growth AS g
INNER JOIN bodies AS b ON b.body_id = g.body_id
INNER JOIN indicators AS i ON i.indicator = g.indicator
WHERE
    g.basis = coalesce($basis, 'reported')
    AND g.applicant = 'total'
    AND g.prior_basis IN ('same', 'predecessors')
    AND abs(g.change) >= 10
    AND ($body IS NULL OR g.body_id = $body OR b.parent = $body)
    AND ($year IS NULL OR g.year = CAST($year AS INTEGER))
    AND ($indicator IS NULL OR g.indicator = $indicator)
ORDER BY score DESC, abs(g.change) DESC, g.year, g.body_id, i.position
