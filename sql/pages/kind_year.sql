-- One row per value of a year of $body (an id), $year and $indicator (row code or its name) in any other kind of report.
SELECT y.*, b.name AS body, k.zh, k.en, k.column_zh, k.column_en, n.zh AS kind_zh, n.en AS kind_en, n.period, k.part, k.whole
FROM kind_years AS y
INNER JOIN bodies AS b ON b.body_id = y.body_id
INNER JOIN kinds AS n ON n.kind = y.kind
INNER JOIN kind_rows AS k
    ON k.kind = y.kind AND k."table" = y."table" AND k."row" = y.indicator AND k."column" = y.series
WHERE b.body_id = $body AND y.year = $year AND $indicator IN (y.indicator, k.zh, k.en)
ORDER BY y.kind, y."table", y.indicator, y.series, y.subject
