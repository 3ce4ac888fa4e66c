-- One row a cell: its value as published, which is the printed one unless somebody decided otherwise.
SELECT
    c.report_id, c."table", c."row", c."column", c.raw, c.kind, c.unit, c.provenance,
    coalesce(d.now, c.value) AS value,
    d.now IS NOT NULL AS imputed
FROM cells AS c
LEFT JOIN decisions AS d
    ON d.report_id = c.report_id
    AND d.cell = concat(c."table", '/', c."row", '/', c."column")
    AND d.status = 'applied'
