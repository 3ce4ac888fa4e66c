-- One row per derived value in the reports $reports.
SELECT report_id, cell, value
FROM derived
WHERE report_id IN (SELECT unnest($reports))
ORDER BY report_id, cell
