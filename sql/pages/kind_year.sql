-- One row per value of a year of $body, $year and $indicator (row code or its Chinese name) in any other kind of report.
SELECT y.*, b.name AS body, k.zh, k.en, k.column_zh, k.column_en, n.zh AS kind_zh, n.en AS kind_en, k.part, k.whole
FROM kind_years AS y
INNER JOIN bodies AS b ON b.body_id = y.body_id
INNER JOIN kinds AS n ON n.kind = y.kind
INNER JOIN kind_rows AS k
    ON k.kind = y.kind AND k."table" = y."table" AND k."row" = y.indicator AND k."column" = y.series
WHERE ($body = b.body_id OR $body = b.name) AND y.year = $year AND ($indicator = y.indicator OR $indicator = k.zh)
ORDER BY y.kind, y."table", y.indicator, y.series, y.subject
