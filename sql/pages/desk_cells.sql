-- One row per cell of $report: its address, printed text, page and position in the file.
SELECT
    concat("table", '/', "row", '/', "column") AS cell,
    raw,
    page,
    grid,
    grid_row,
    grid_column
FROM cells
WHERE report_id = $report
ORDER BY grid, grid_row, grid_column
