-- One row per cell with its value as published: decided by a person, else derived from other cells, else as printed.
SELECT
    c.report_id, c."table", c."row", c."column", c.raw, c.kind, c.unit, c.provenance,
    coalesce(d.decided_value, i.value, c.value) AS value,
    coalesce(d.decided_value, i.value) IS NOT NULL AS imputed
FROM cells AS c
LEFT JOIN decisions AS d
    ON d.report_id = c.report_id
    AND split_part(d.cell, '/', 1) = c."table"
    AND split_part(d.cell, '/', 2) = c."row"
    AND split_part(d.cell, '/', 3) = c."column"
    AND d.status = 'applied'
LEFT JOIN derived AS i
    ON i.report_id = c.report_id
    AND split_part(i.cell, '/', 1) = c."table"
    AND split_part(i.cell, '/', 2) = c."row"
    AND split_part(i.cell, '/', 3) = c."column"
UNION ALL
-- Cells that the report lacks but that the others determine.
SELECT
    i.report_id, split_part(i.cell, '/', 1), split_part(i.cell, '/', 2), split_part(i.cell, '/', 3), '', 'blank', i.unit,
    i.provenance, i.value, TRUE
FROM derived AS i
LEFT JOIN cells AS c
    ON c.report_id = i.report_id
    AND split_part(i.cell, '/', 1) = c."table"
    AND split_part(i.cell, '/', 2) = c."row"
    AND split_part(i.cell, '/', 3) = c."column"
WHERE c.report_id IS NULL
