-- One row per figure in the prose of the reports $reports, in reading order.
SELECT report_id, "row", raw, CAST(value AS DOUBLE) AS value, approximate, scope, page
FROM figures
WHERE report_id IN (SELECT unnest($reports))
ORDER BY report_id, paragraph, start, "end", "row", scope
