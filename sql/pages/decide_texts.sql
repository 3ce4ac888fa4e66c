-- One row per cell of $report: its address and printed text.
SELECT cell, raw
FROM all_cells
WHERE report_id = $report
