-- One row per value of a year that the $cell of $report is part of: its own row, and the rates that it is a term of.
SELECT y.*, b.name AS body, k.zh, k.en, k.column_zh, k.column_en, n.period, v.value AS own_value, v.raw, v.quarter
FROM kind_values AS v
INNER JOIN kind_rows AS k
    ON
        k.kind = v.kind
        AND (concat(k."table", '/', k."row", '/', k."column") = v.cell OR k.part = v.cell OR k.whole = v.cell)
INNER JOIN kind_years AS y
    ON
        y.kind = v.kind AND y.body_id = v.body_id AND y.year = v.year AND y.subject = coalesce(v.subject, '')
        AND y."table" = k."table" AND y.indicator = k."row" AND y.series = k."column"
INNER JOIN kinds AS n ON n.kind = v.kind
INNER JOIN bodies AS b ON b.body_id = v.body_id
WHERE v.report_id = $report AND v.cell = $cell
ORDER BY y.indicator, y.series
