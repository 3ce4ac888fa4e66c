-- One row per cell whose published value differs from the printed one: both values, the reason, and the author.
SELECT
    -- A cell that the report does not print is not in `cells`.
    i.report_id, i.cell, coalesce(c.raw, '') AS printed_text, c.value AS printed_value, i.value AS published_value,
    'derive' AS operation,
    CAST(NULL AS VARCHAR) AS mechanism, i.identities, CAST(NULL AS INTEGER) AS margin,
    CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS evidence, CAST(NULL AS VARCHAR) AS decided_by, i.provenance
FROM derived AS i
LEFT JOIN cells AS c
    ON c.report_id = i.report_id
    AND i.cell = concat(c."table", '/', c."row", '/', c."column")
UNION ALL
SELECT
    d.report_id, d.cell, c.raw, c.value, d.decided_value, d.operation, p.operation, p.identities, p.margin, d.reason, d.evidence,
    d.decided_by, c.provenance
FROM decisions AS d
INNER JOIN cells AS c
    ON c.report_id = d.report_id
    AND d.cell = concat(c."table", '/', c."row", '/', c."column")
LEFT JOIN proposals AS p ON p.report_id = d.report_id AND p.cell = d.cell AND p.implied = d.decided_value
WHERE d.status = 'applied' AND d.decided_value IS NOT NULL
