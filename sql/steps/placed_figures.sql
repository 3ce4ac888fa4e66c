-- One row per report, cell or prose figure, and indicator that the crosswalk maps it to.
-- `parts` says how many cells of the form add up to the indicator; for nearly all indicators it is 1.
WITH part_counts AS (
    SELECT form, indicator, count(*) AS parts
    FROM crosswalk
    WHERE indicator IS NOT NULL
    GROUP BY form, indicator
)

SELECT
    p.report_id, x.indicator,
    CASE WHEN x."column" = '*' THEN p."column" ELSE 'total' END AS applicant,
    concat(p."table", '/', p."row", '/', p."column") AS cell,
    x.series, p.value, p.imputed, p.approximate,
    CASE WHEN p.kind = 'na' THEN 1 ELSE 0 END AS not_applicable,
    d.in_doubt, d.implied,
    c.parts
FROM published_figures AS p
INNER JOIN reports AS r ON r.report_id = p.report_id
INNER JOIN crosswalk AS x
    ON (x.form = r.form OR x.form = '*')
    AND x."table" = p."table"
    AND x."row" = p."row"
    AND (x."column" = p."column" OR x."column" = '*')
    AND x.indicator IS NOT NULL
INNER JOIN part_counts AS c ON c.form = x.form AND c.indicator = x.indicator
LEFT JOIN doubts AS d
    ON d.report_id = p.report_id
    AND split_part(d.cell, '/', 1) = p."table"
    AND split_part(d.cell, '/', 2) = p."row"
    AND split_part(d.cell, '/', 3) = p."column"
