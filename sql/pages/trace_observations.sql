-- One row per observation that a cell of a report is part of.
SELECT o.*
FROM observations AS o
WHERE o.report_id = $report AND list_contains(string_split(o.cell, '+'), $cell)
ORDER BY o.indicator
