-- 其他种类的报告由季度合成的年度数，缺季度的不作为全年（-p body=… -p year=…） / their years, from the quarters
SELECT
    b.name AS body, y.year, y.subject, CASE WHEN $lang = 'en' THEN n.en ELSE n.zh END AS report,
    CASE WHEN $lang = 'en' THEN k.en ELSE k.zh END AS label,
    CASE WHEN $lang = 'en' THEN k.column_en ELSE k.column_zh END AS counted_by, y.measure AS over_the_year, y.value, y.known, y.unit,
    y.quarters, y.missing, y.in_doubt, y.provenance
FROM kind_years AS y
INNER JOIN kinds AS n ON n.kind = y.kind
INNER JOIN bodies AS b ON b.body_id = y.body_id
INNER JOIN kind_rows AS k
    ON k.kind = y.kind AND k."table" = y."table" AND k."row" = y.indicator AND k."column" = y.series
WHERE
    ($body IS NULL OR b.parent = $body OR b.body_id = $body)
    AND ($year IS NULL OR y.year = CAST($year AS INTEGER))
ORDER BY n.position, b.body_id, y.subject, y.year, k.position
