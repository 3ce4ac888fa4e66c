-- One row per cell of $form and report in the compiled figures of $body: the figure that the report adds to the cell.
SELECT
    x."table", x."row", CASE WHEN x."column" = '*' THEN o.applicant ELSE x."column" END AS "column",
    o.body_id, b.name AS body, o.report_id, r.form, o.value, o.in_doubt, o.implied, o.cell
FROM crosswalk AS x
INNER JOIN observations AS o ON o.indicator = x.indicator AND (x."column" = '*' OR o.applicant = 'total')
INNER JOIN contributors AS c ON c.contributor = o.body_id AND c.year = o.year
INNER JOIN bodies AS b ON b.body_id = o.body_id
INNER JOIN reports AS r ON r.report_id = o.report_id AND r.year = o.year
WHERE (x.form = $form OR x.form = '*') AND x.relation <> 'part' AND c.body_id = $body AND c.year = $year
ORDER BY b.position, o.body_id, x."table", x."row", "column"
