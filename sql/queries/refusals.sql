-- 不予公开的理由历年构成（-p body=… -p year=…） / reasons of refusal over the years
WITH reasons AS (
    -- A share of the known reasons only would be too large.
    SELECT
        o.*,
        CASE
            WHEN bool_and(o.value IS NOT NULL) OVER (PARTITION BY o.body_id, o.year)
                THEN sum(o.value) OVER (PARTITION BY o.body_id, o.year)
        END AS refused
    FROM observations AS o
    WHERE o.applicant = 'total' AND o.indicator LIKE 'applications.refused.%'
)

SELECT
    o.year, b.name AS body, CASE WHEN $lang = 'en' THEN i.en ELSE i.zh END AS reason, o.value,
    CAST(CASE WHEN o.refused > 0 THEN round(100e0 * o.value / o.refused, 2) END AS DECIMAL(18, 2)) AS percent, o.series,
    o.in_doubt, o.provenance
FROM reasons AS o
INNER JOIN indicators AS i ON i.indicator = o.indicator
INNER JOIN bodies AS b ON b.body_id = o.body_id
WHERE
    CASE WHEN $body IS NULL THEN b.level = 'city' ELSE o.body_id = $body END
    AND ($year IS NULL OR o.year = CAST($year AS INTEGER))
ORDER BY o.body_id, o.year, i.position
