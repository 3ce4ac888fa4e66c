-- One row per number of the prose or a table whose value is not the number that its text prints.
-- Severity: error.
SELECT report_id, "table", "row", "column", raw, value
FROM kind_cells
WHERE
    regexp_matches(raw, '^[0-9]+([.][0-9]+)?%?$')
    AND value IS DISTINCT FROM CAST(rtrim(raw, '%') AS DECIMAL(18, 6))
