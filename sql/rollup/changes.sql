-- One row a cell that is published with another value than the printed one: what it was and is, why, and who says so.
SELECT
    i.report_id, i.cell, c.raw AS was, c.value AS old, i.value AS new, 'derive' AS operation,
    CAST(NULL AS VARCHAR) AS mechanism, i.identities, CAST(NULL AS INTEGER) AS margin,
    CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS evidence, CAST(NULL AS VARCHAR) AS who, i.provenance
FROM derived AS i
LEFT JOIN cells AS c
    ON c.report_id = i.report_id
    AND i.cell = concat(c."table", '/', c."row", '/', c."column")
UNION ALL
SELECT
    d.report_id, d.cell, c.raw, c.value, d.now, d.operation, p.operation, p.identities, p.margin, d.reason, d.evidence,
    d.who, c.provenance
FROM decisions AS d
INNER JOIN cells AS c
    ON c.report_id = d.report_id
    AND d.cell = concat(c."table", '/', c."row", '/', c."column")
LEFT JOIN proposals AS p ON p.report_id = d.report_id AND p.cell = d.cell AND p.implied = d.now
WHERE d.status = 'applied' AND d.now IS NOT NULL
