-- 依申请公开办理结果构成（-p body=… -p year=…） / outcomes of applications and their shares
SELECT
    o.year, b.name AS body, CASE WHEN $lang = 'en' THEN i.en ELSE i.zh END AS outcome, o.value,
    CAST(CASE WHEN h.value > 0 THEN round(100e0 * o.value / h.value, 2) END AS DECIMAL(18, 2)) AS percent, o.provenance
FROM observations AS o
INNER JOIN observations AS h
    ON h.body_id = o.body_id AND h.year = o.year AND h.indicator = 'applications.handled' AND h.applicant = 'total'
INNER JOIN indicators AS i ON i.indicator = o.indicator
INNER JOIN bodies AS b ON b.body_id = o.body_id
WHERE
    o.applicant = 'total'
    AND o.indicator IN (
        SELECT x.indicator FROM crosswalk AS x
        WHERE x."table" = 'applications' AND x."row" NOT IN ('new', 'carried_in', 'handled', 'carried_out')
    )
    AND (b.parent IS NULL OR $body IS NOT NULL)
    AND ($body IS NULL OR o.body_id = $body OR b.name = $body)
    AND ($year IS NULL OR o.year = CAST($year AS INTEGER))
ORDER BY o.body_id, o.year, o.value DESC, i.position
