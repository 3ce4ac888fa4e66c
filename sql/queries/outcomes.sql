-- 依申请公开办理结果构成，各项相加为 100（-p body=… -p year=… -p basis=reported|compiled） / shares of the outcomes of applications
WITH shares AS (
    SELECT rate, min(position) AS position, any_value(zh) AS zh, any_value(en) AS en
    FROM rate_terms
    WHERE rate IN ('granted_share', 'refused_share', 'unable_share', 'not_processed_share', 'other_share')
    GROUP BY rate
)

SELECT
    r.year, b.name AS body, r.basis, CASE WHEN $lang = 'en' THEN s.en ELSE s.zh END AS outcome, r.numerator AS value,
    CAST(r.percent AS DECIMAL(18, 2)) AS percent, r.members_counted, r.members_expected, r.in_doubt, r.provenance
FROM rates AS r
INNER JOIN shares AS s ON s.rate = r.rate
INNER JOIN bodies AS b ON b.body_id = r.body_id
WHERE
    CASE WHEN $body IS NULL THEN b.level = 'city' ELSE r.body_id = $body END
    AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
    AND r.basis = coalesce($basis, 'reported')
ORDER BY r.body_id, r.year, s.position
