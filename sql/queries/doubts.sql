-- 存疑的数，及含有它的汇总数（-p body=… -p year=…） / figures in doubt, and the totals that contain them
SELECT
    o.year, b.name AS body, CASE WHEN $lang = 'en' THEN i.en ELSE i.zh END AS indicator, o.applicant, o.value, o.in_doubt,
    o.implied, t.name AS total_of, c.compiled, c.in_doubt AS doubts_in_total, c.implied AS implied_total, o.report_id, o.cell,
    o.provenance
FROM observations AS o
INNER JOIN bodies AS b ON b.body_id = o.body_id
INNER JOIN indicators AS i ON i.indicator = o.indicator
LEFT JOIN contributors AS k ON k.contributor = o.body_id AND k.year = o.year
LEFT JOIN compiled AS c
    ON c.body_id = k.body_id AND c.year = o.year AND c.indicator = o.indicator AND c.applicant = o.applicant
LEFT JOIN bodies AS t ON t.body_id = c.body_id
WHERE
    o.in_doubt IS NOT NULL
    AND ($body IS NULL OR o.body_id = $body OR c.body_id = $body)
    AND ($year IS NULL OR o.year = CAST($year AS INTEGER))
ORDER BY o.year, o.body_id, i.position, o.applicant, t.position
