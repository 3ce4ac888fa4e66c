-- 各机关的比率：予以公开、不予公开、复议纠错等（-p body=… -p year=… -p rate=… -p basis=reported|compiled） / rates by body
SELECT
    r.year, b.name AS body, r.basis,
    CASE WHEN $lang = 'en' THEN t.en ELSE t.zh END AS rate,
    r.numerator, r.denominator, CAST(r.percent AS DECIMAL(18, 2)) AS percent,
    r.members_counted, r.members_expected, r.in_doubt, CAST(r.implied_percent AS DECIMAL(18, 2)) AS implied_percent,
    r.provenance
FROM rates AS r
INNER JOIN bodies AS b ON b.body_id = r.body_id
INNER JOIN (SELECT DISTINCT rate, zh, en FROM rate_terms) AS t ON t.rate = r.rate
WHERE
    ($body IS NULL OR r.body_id = $body)
    AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
    AND ($rate IS NULL OR r.rate = $rate)
    AND ($basis IS NULL OR r.basis = $basis)
ORDER BY r.year, r.body_id, r.basis, r.rate
