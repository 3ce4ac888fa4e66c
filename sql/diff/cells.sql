-- One row per cell of a report of any kind whose printed text or value differs between two snapshots; first those that both have.
WITH old_values AS (
    SELECT report_id, concat("table", '/', "row", '/', "column") AS cell, raw, value FROM old_cells
    UNION ALL
    SELECT report_id, concat("table", '/', "row", '/', "column"), raw, value FROM old_kind_cells
),

new_values AS (
    SELECT report_id, concat("table", '/', "row", '/', "column") AS cell, raw, value FROM new_cells
    UNION ALL
    SELECT report_id, concat("table", '/', "row", '/', "column"), raw, value FROM new_kind_cells
),

known_reports AS (
    SELECT report_id, body_id, body, year FROM reports
    UNION ALL
    SELECT report_id, body_id, body, year FROM kind_reports
)

SELECT
    any_value(r.body_id) AS body_id,
    any_value(r.body) AS body,
    any_value(r.year) AS year,
    coalesce(n.report_id, o.report_id) AS report_id,
    coalesce(n.cell, o.cell) AS cell,
    any_value(o.raw) AS old_text,
    any_value(n.raw) AS new_text,
    any_value(o.value) AS old_value,
    any_value(n.value) AS new_value
FROM old_values AS o
FULL JOIN new_values AS n ON n.report_id = o.report_id AND n.cell = o.cell
LEFT JOIN known_reports AS r ON r.report_id = coalesce(n.report_id, o.report_id)
WHERE o.raw IS DISTINCT FROM n.raw OR o.value IS DISTINCT FROM n.value
GROUP BY ALL
ORDER BY old_text IS NULL OR new_text IS NULL, year, report_id, cell
