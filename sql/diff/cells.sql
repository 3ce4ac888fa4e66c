-- One row per cell of a report whose printed text or value differs between two snapshots; first those that both have.
SELECT
    any_value(r.body_id) AS body_id,
    any_value(r.body) AS body,
    any_value(r.year) AS year,
    coalesce(n.report_id, o.report_id) AS report_id,
    concat(coalesce(n."table", o."table"), '/', coalesce(n."row", o."row"), '/', coalesce(n."column", o."column")) AS cell,
    any_value(o.raw) AS old_text,
    any_value(n.raw) AS new_text,
    any_value(o.value) AS old_value,
    any_value(n.value) AS new_value
FROM old_cells AS o
FULL JOIN new_cells AS n
    ON n.report_id = o.report_id AND n."table" = o."table" AND n."row" = o."row" AND n."column" = o."column"
LEFT JOIN reports AS r ON r.report_id = coalesce(n.report_id, o.report_id)
WHERE o.raw IS DISTINCT FROM n.raw OR o.value IS DISTINCT FROM n.value
GROUP BY ALL
ORDER BY old_text IS NULL OR new_text IS NULL, year, report_id, cell
