-- One row per applied decision on a cell of the reports $reports.
SELECT report_id, cell, decided_value, decided_by, reason
FROM decisions
WHERE status = 'applied' AND report_id IN (SELECT unnest($reports))
ORDER BY report_id, cell
