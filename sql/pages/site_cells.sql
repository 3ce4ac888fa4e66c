-- One row per report in $reports: lists of the address, text, page and grid of each cell.
SELECT
    report_id, list(concat("table", '/', "row", '/', "column")) AS addresses, list(raw) AS raws, list(page) AS pages,
    list(grid) AS grids
FROM cells
WHERE report_id IN (SELECT unnest($reports))
GROUP BY report_id
