-- One row per place of a document that was read into several cells of one report.
-- Severity: error.
-- Within one body.
SELECT report_id, page, grid, grid_row, grid_column, count(*) AS cells, min("row") AS first_row, max("row") AS last_row
FROM cells
GROUP BY report_id, page, grid, grid_row, grid_column
HAVING count(*) > 1
