-- One row per report and cell or prose figure: its value as published.
-- A prose figure with two different values in one report is unknown.
SELECT report_id, "table", "row", "column", value, kind, imputed, FALSE AS approximate
FROM edited
UNION ALL
SELECT
    report_id, 'narrative', "row", 'value',
    CASE WHEN count(DISTINCT value) = 1 THEN max(value) END,
    'number',
    FALSE,
    bool_or(approximate)
FROM figures
WHERE scope = 'whole'
GROUP BY report_id, "row"
