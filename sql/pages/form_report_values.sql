-- One row per cell and per prose figure of $report: the published value; null for figures that contradict each other.
SELECT "table", "row", "column", value, FALSE AS approximate
FROM edited
WHERE report_id = $report
UNION ALL
SELECT 'narrative', "row", 'value', CASE WHEN count(DISTINCT value) = 1 THEN max(value) END, bool_or(approximate)
FROM figures
WHERE report_id = $report AND scope = 'whole'
GROUP BY "row"
