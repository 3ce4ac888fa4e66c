-- One row per value of another kind that its report does not print, derive or decide, and per printed number without a value.
-- Severity: error.
WITH printed AS (
    SELECT report_id, concat("table", '/', "row", '/', "column") AS cell, value, raw FROM kind_cells
)

SELECT
    coalesce(v.report_id, p.report_id) AS report_id, coalesce(v.cell, p.cell) AS cell, v.value, v.origin,
    p.value AS printed, d.value AS derived
FROM kind_values AS v
FULL JOIN printed AS p ON p.report_id = v.report_id AND p.cell = v.cell
LEFT JOIN kind_derived AS d ON d.report_id = v.report_id AND d.cell = v.cell
LEFT JOIN kind_reports AS r ON r.report_id = v.report_id
WHERE
    v.report_id IS NULL
    OR v.indicator <> split_part(v.cell, '/', 2)
    OR v.series <> split_part(v.cell, '/', 3)
    OR (v.origin = 'printed' AND (v.value IS DISTINCT FROM p.value OR v.raw IS DISTINCT FROM p.raw))
    OR (v.origin = 'derived' AND v.value IS DISTINCT FROM d.value)
    OR v.year IS DISTINCT FROM r.year
    OR v.quarter IS DISTINCT FROM r.quarter
    OR v.body_id IS DISTINCT FROM r.body_id
    OR v.kind IS DISTINCT FROM r.kind
    OR v.subject IS DISTINCT FROM r.subject
