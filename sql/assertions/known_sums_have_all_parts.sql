-- One row per observation with a value that lacks a cell of its indicator.
-- Severity: error.
WITH parts AS (
    SELECT form, indicator, count(*) AS parts FROM crosswalk_cells GROUP BY form, indicator HAVING count(*) > 1
)

SELECT o.report_id, o.indicator, o.applicant, o.value, o.cell, p.parts
FROM observations AS o
INNER JOIN reports AS r ON r.report_id = o.report_id
INNER JOIN parts AS p ON p.form = r.form AND p.indicator = o.indicator
WHERE (o.value IS NOT NULL) AND length(o.cell) - length(replace(o.cell, '+', '')) + 1 <> p.parts
