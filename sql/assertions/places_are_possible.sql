-- One row per cell or figure at a place that a document cannot have.
-- Severity: error.
SELECT report_id, concat("table", '/', "row", '/', "column") AS place, raw
FROM cells
WHERE page < 1 OR grid < 0 OR grid_row < 0 OR grid_column < 0 OR confidence NOT BETWEEN 0 AND 1
UNION ALL
SELECT report_id, concat('narrative/', "row", '/', paragraph, '/', start), raw
FROM figures
WHERE page < 1 OR paragraph < 0 OR start < 0 OR "end" - start <> length(raw)
