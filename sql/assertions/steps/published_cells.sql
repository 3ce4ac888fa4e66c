-- One row per report and cell or prose figure: its value as published, from the printed cells and the changes.
-- A prose figure with two different values in one report is unknown.
SELECT
    c.report_id, concat(c."table", '/', c."row", '/', c."column") AS cell, c.kind,
    coalesce(h.published_value, c.value) AS value,
    h.report_id IS NOT NULL AS is_changed,
    FALSE AS is_approximate
FROM cells AS c
LEFT JOIN changes AS h ON h.report_id = c.report_id AND h.cell = concat(c."table", '/', c."row", '/', c."column")
UNION ALL
SELECT h.report_id, h.cell, 'blank', h.published_value, TRUE, FALSE
FROM changes AS h
ANTI JOIN cells AS c ON c.report_id = h.report_id AND concat(c."table", '/', c."row", '/', c."column") = h.cell
UNION ALL
SELECT
    report_id, concat('narrative/', "row", '/value'), 'number',
    CASE WHEN min(value) = max(value) THEN min(value) END,
    FALSE,
    bool_or(approximate)
FROM figures
WHERE scope = 'whole'
GROUP BY report_id, "row"
