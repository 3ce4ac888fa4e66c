-- One row per cell of $report: its address and printed text.
SELECT concat("table", '/', "row", '/', "column") AS cell, raw
FROM cells
WHERE report_id = $report
