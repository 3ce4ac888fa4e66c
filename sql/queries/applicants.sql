-- 谁在申请：六类申请人的新收申请及所占比例（-p body=… -p year=…） / who applies, with shares
SELECT
    o.year, b.name AS body, o.applicant, o.value,
    CAST(CASE WHEN t.value > 0 THEN round(100e0 * o.value / t.value, 2) END AS DECIMAL(18, 2)) AS percent, o.in_doubt,
    o.provenance
FROM observations AS o
INNER JOIN observations AS t
    ON t.body_id = o.body_id AND t.year = o.year AND t.indicator = o.indicator AND t.applicant = 'total'
INNER JOIN bodies AS b ON b.body_id = o.body_id
WHERE
    o.indicator = 'applications.new'
    AND CASE WHEN $body IS NULL THEN b.level = 'city' ELSE o.body_id = $body END
    AND ($year IS NULL OR o.year = CAST($year AS INTEGER))
ORDER BY o.body_id, o.year, o.value DESC, o.applicant
