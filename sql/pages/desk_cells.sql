-- One row per cell of $report, of any kind: its address, printed text, page and position in the file. A number of prose has
-- no `grid`; `grid_row` is its paragraph, and `start` and `end` are its offsets there.
SELECT
    concat("table", '/', "row", '/', "column") AS cell, raw, page, grid, grid_row, grid_column,
    CAST(NULL AS INTEGER) AS start, CAST(NULL AS INTEGER) AS "end"
FROM cells
WHERE report_id = $report
UNION ALL
SELECT concat("table", '/', "row", '/', "column"), raw, page, grid, grid_row, grid_column, start, "end"
FROM kind_cells
WHERE report_id = $report
ORDER BY grid, grid_row, grid_column
