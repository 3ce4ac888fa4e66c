-- One row per number of the prose or a table whose value is not the number that its text prints.
-- Severity: error.
SELECT report_id, "table", "row", "column", raw, value
FROM kind_cells
WHERE
    -- Only CASE keeps DuckDB from converting 11件 before the pattern has left it out.
    CASE
        WHEN regexp_matches(raw, '^[0-9]+([.][0-9]+)?%?$')
            THEN value IS DISTINCT FROM CAST(rtrim(raw, '%') AS DECIMAL(18, 6))
    END
