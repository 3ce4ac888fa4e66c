-- One row per report whose cells give another number of observed cells than the crosswalk says.
-- Severity: error.
-- Within one body.
WITH expected AS (
    SELECT v.report_id, count(*) AS cells
    FROM published_cells AS v
    INNER JOIN reports AS r ON r.report_id = v.report_id
    INNER JOIN crosswalk_cells AS x
        ON x.form = r.form
        AND x."table" = split_part(v.cell, '/', 1)
        AND x."row" = split_part(v.cell, '/', 2)
        AND x."column" IN ('*', split_part(v.cell, '/', 3))
    GROUP BY v.report_id
),

observed AS (
    SELECT report_id, count(*) AS cells FROM observed_cells GROUP BY report_id
)

SELECT coalesce(e.report_id, o.report_id) AS report_id, e.cells AS cells_of_report, o.cells AS cells_observed
FROM expected AS e
FULL JOIN observed AS o ON o.report_id = e.report_id
WHERE e.cells IS DISTINCT FROM o.cells
