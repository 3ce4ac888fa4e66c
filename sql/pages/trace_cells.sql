-- One row per cell, prose figure or derived value among $cells of $reports: printed text, place, published value, decision.
WITH addressed AS (
    SELECT *, concat("table", '/', "row", '/', "column") AS cell FROM cells WHERE list_contains($reports, report_id)
)

SELECT
    c.report_id, c.cell, c.raw, c.value, c.kind, c.unit, c.page, c.grid, c.grid_row, c.grid_column, c.confidence,
    e.value AS published, d.value IS NOT NULL AS derived, x.operation AS decision, x.decided_by, x.reason,
    r.format
FROM addressed AS c
INNER JOIN reports AS r ON r.report_id = c.report_id
INNER JOIN edited AS e
    ON e.report_id = c.report_id AND e."table" = c."table" AND e."row" = c."row" AND e."column" = c."column"
LEFT JOIN derived AS d ON d.report_id = c.report_id AND d.cell = c.cell
LEFT JOIN decisions AS x ON x.report_id = c.report_id AND x.cell = c.cell AND x.status = 'applied'
WHERE list_contains($cells, c.cell)
UNION ALL
SELECT
    f.report_id, concat('narrative/', f."row", '/value'), f.raw, f.value, 'number', NULL, f.page, NULL, NULL, NULL, NULL,
    f.value, FALSE, NULL, NULL, NULL, NULL
FROM figures AS f
WHERE
    f.scope = 'whole'
    AND list_contains($reports, f.report_id)
    AND list_contains($cells, concat('narrative/', f."row", '/value'))
UNION ALL
SELECT
    d.report_id, d.cell, NULL, NULL, 'blank', d.unit, NULL, NULL, NULL, NULL, NULL, d.value, TRUE, NULL, NULL, NULL,
    NULL
FROM derived AS d
LEFT JOIN addressed AS c ON c.report_id = d.report_id AND c.cell = d.cell
WHERE c.report_id IS NULL AND list_contains($reports, d.report_id) AND list_contains($cells, d.cell)
