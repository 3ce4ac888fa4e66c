-- One row per derived value of a cell that has a value or a mark, or without the identities that determine it.
-- Severity: error.
-- Within one body.
SELECT d.report_id, d.cell, d.value, c.raw, c.value AS printed_value
FROM derived AS d
LEFT JOIN cells AS c ON c.report_id = d.report_id AND concat(c."table", '/', c."row", '/', c."column") = d.cell
WHERE c.value IS NOT NULL OR c.kind = 'na' OR len(d.identities) = 0
