-- 哪些机关缺哪一期其他种类的报告（-p body=… -p year=…） / periods without a report of another kind
SELECT
    CASE WHEN $lang = 'en' THEN n.en ELSE n.zh END AS report, b.name AS body, d.year, nullif(d.quarter, 0) AS quarter,
    d.status, d.path, n.owed_source AS source
FROM kind_due AS d
INNER JOIN kinds AS n ON n.kind = d.kind
INNER JOIN bodies AS b ON b.body_id = d.body_id
WHERE
    d.status <> 'loaded'
    AND ($body IS NULL OR b.parent = $body OR b.body_id = $body)
    AND ($year IS NULL OR d.year = CAST($year AS INTEGER))
ORDER BY n.position, b.body_id, d.year, d.quarter
