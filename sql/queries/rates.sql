-- 各机关的比率：予以公开、不予公开、复议纠错等（-p body=… -p year=… -p rate=…） / rates by body
SELECT
    r.year, b.name AS body, r.basis,
    CASE WHEN $lang = 'en' THEN t.en ELSE t.zh END AS rate,
    r.numerator, r.denominator, CAST(r.percent AS DECIMAL(18, 2)) AS percent,
    r.members_counted, r.members_expected, r.provenance
FROM rates AS r
INNER JOIN bodies AS b ON b.body_id = r.body_id
INNER JOIN (SELECT DISTINCT rate, zh, en FROM rate_terms) AS t ON t.rate = r.rate
WHERE
    ($body IS NULL OR r.body_id = $body OR b.name = $body)
    AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
    AND ($rate IS NULL OR r.rate = $rate)
ORDER BY r.year, r.body_id, r.basis, r.rate
