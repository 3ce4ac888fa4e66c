-- One row per observation and cell that the crosswalk does not give to its indicator, applicant and series.
-- Severity: error.
-- Within one body.
WITH used AS (
    SELECT r.form, o.cell, o.indicator, o.applicant, o.series, min(o.report_id) AS report_id
    FROM observed_cells AS o
    INNER JOIN reports AS r ON r.report_id = o.report_id
    GROUP BY r.form, o.cell, o.indicator, o.applicant, o.series
)

SELECT u.form, u.cell, u.indicator, u.applicant, u.series, u.report_id
FROM used AS u
ANTI JOIN crosswalk_cells AS x
    ON x.form = u.form
    AND x.indicator = u.indicator
    AND x.series = u.series
    AND u.cell IN (
        concat(x."table", '/', x."row", '/', x."column"),
        CASE WHEN x."column" = '*' THEN concat(x."table", '/', x."row", '/', u.applicant) END
    )
    AND u.applicant = CASE WHEN x."column" = '*' THEN split_part(u.cell, '/', 3) ELSE 'total' END
