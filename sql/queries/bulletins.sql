-- 其他种类的报告（如网站检查通报）各期的数（-p body=… -p year=…） / the numbers of other kinds of report by period
SELECT
    b.name AS body, v.year, v.quarter, v.subject, CASE WHEN $lang = 'en' THEN n.en ELSE n.zh END AS report,
    CASE WHEN $lang = 'en' THEN k.en ELSE k.zh END AS label,
    CASE WHEN $lang = 'en' THEN k.column_en ELSE k.column_zh END AS counted_by, v.value, v.unit, v.raw, v.origin,
    v.in_doubt, v.report_id, v.cell, v.provenance
FROM kind_values AS v
INNER JOIN kinds AS n ON n.kind = v.kind
INNER JOIN bodies AS b ON b.body_id = v.body_id
INNER JOIN kind_rows AS k
    ON k.kind = v.kind AND concat(k."table", '/', k."row", '/', k."column") = v.cell
WHERE
    ($body IS NULL OR b.parent = $body OR b.body_id = $body)
    AND ($year IS NULL OR v.year = CAST($year AS INTEGER))
ORDER BY n.position, b.body_id, v.subject, v.year, v.quarter, k.position
