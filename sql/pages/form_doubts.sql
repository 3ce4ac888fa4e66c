-- One row per cell of $report behind a figure that is in doubt.
SELECT DISTINCT unnest(string_split(cell, '+')) AS cell
FROM observations
WHERE report_id = $report AND in_doubt IS NOT NULL
