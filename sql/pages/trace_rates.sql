-- One row per rate that an indicator of a body is a term of.
SELECT DISTINCT r.body_id, r.basis, r.year, r.rate, t.zh, t.en, r.percent
FROM rates AS r
INNER JOIN rate_terms AS t ON t.rate = r.rate
WHERE t.indicator = $indicator AND r.year = $year AND r.body_id = $body AND r.basis = $basis
ORDER BY r.rate
