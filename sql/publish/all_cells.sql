-- One row per cell of a report of any kind: its address, printed text and value.
SELECT report_id, "table", "row", "column", concat("table", '/', "row", '/', "column") AS cell, raw, value, unit, provenance
FROM cells
UNION ALL
SELECT report_id, "table", "row", "column", concat("table", '/', "row", '/', "column"), raw, value, unit, provenance
FROM kind_cells
