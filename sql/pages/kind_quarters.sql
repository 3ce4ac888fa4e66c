-- One row per report of another kind with a value for $body, $year and the cells $cells, with the place of the printed text.
SELECT
    v.kind, v.report_id, v.cell, v.year, v.quarter, v.subject, v.indicator, v.series, v.value, v.raw, v.unit, v.origin,
    v.in_doubt, v.provenance, r.path, r.format, r.url, c.page, c.grid, c.grid_row, c.grid_column, c."start", c."end"
FROM kind_values AS v
INNER JOIN kind_reports AS r ON r.report_id = v.report_id
LEFT JOIN kind_cells AS c
    ON c.report_id = v.report_id AND concat(c."table", '/', c."row", '/', c."column") = v.cell
WHERE v.body_id = $body AND v.year = $year AND v.cell IN (SELECT unnest($cells))
ORDER BY v.kind, v.cell, v.quarter, v.report_id
