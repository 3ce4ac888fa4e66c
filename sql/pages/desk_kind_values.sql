-- One row per value of $report, which is of another kind than the annual one: its address, printed text and origin.
SELECT cell, raw, value, origin
FROM kind_values
WHERE report_id = $report
ORDER BY cell
