-- 依申请公开办理结果构成，各项相加为 100，差额列为其余（-p body=… -p year=… -p basis=reported|compiled） / shares of the outcomes, with the remainder
WITH shares AS (
    SELECT rate, min(position) AS position, any_value(zh) AS zh, any_value(en) AS en
    FROM rate_terms
    WHERE rate IN ('granted_share', 'refused_share', 'unable_share', 'not_processed_share', 'other_share')
    GROUP BY rate
),

outcomes AS (
    SELECT
        r.body_id, r.year, r.basis, s.position, s.zh, s.en, r.numerator, r.denominator, r.percent, r.members_counted,
        r.members_expected, r.in_doubt, r.provenance
    FROM rates AS r
    INNER JOIN shares AS s ON s.rate = r.rate
),

with_remainder AS (
    SELECT * FROM outcomes
    UNION ALL
    -- The form of 2014 has outcomes that the later forms do not have, and a blank outcome is unknown.
    SELECT
        body_id, year, basis, 1000, '其余（本表式另有的、未填的，或印错）',
        'Remainder (other outcomes of the form, blank or misprinted)', max(denominator) - sum(numerator),
        max(denominator), 100e0 * (max(denominator) - sum(numerator)) / nullif(max(denominator), 0), max(members_counted),
        max(members_expected), max(in_doubt),
        CASE WHEN min(provenance) = max(provenance) THEN min(provenance) ELSE 'mixed' END
    FROM outcomes
    GROUP BY body_id, year, basis
    HAVING min(denominator) = max(denominator) AND max(denominator) <> sum(numerator)
)

SELECT
    r.year, b.name AS body, r.basis, CASE WHEN $lang = 'en' THEN r.en ELSE r.zh END AS outcome, r.numerator AS value,
    CAST(r.percent AS DECIMAL(18, 2)) AS percent, r.members_counted, r.members_expected, r.in_doubt, r.provenance
FROM with_remainder AS r
INNER JOIN bodies AS b ON b.body_id = r.body_id
WHERE
    CASE WHEN $body IS NULL THEN b.level = 'city' ELSE r.body_id = $body END
    AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
    AND r.basis = coalesce($basis, 'reported')
ORDER BY r.body_id, r.year, r.position
