-- One row per cell of $form among $cells and report in the compiled figures of $body: the figure that the report adds.
SELECT
    x."table", x."row", CASE WHEN x."column" = '*' THEN o.applicant ELSE x."column" END AS "column",
    o.body_id, b.name AS body, o.report_id, o.value
FROM crosswalk AS x
INNER JOIN observations AS o ON o.indicator = x.indicator AND (x."column" = '*' OR o.applicant = 'total')
INNER JOIN contributors AS c ON c.contributor = o.body_id AND c.year = o.year
INNER JOIN bodies AS b ON b.body_id = o.body_id
WHERE
    (x.form = $form OR x.form = '*')
    AND x.relation <> 'part'
    AND c.body_id = $body
    AND c.year = $year
    AND list_contains(
        $cells, concat(x."table", '/', x."row", '/', CASE WHEN x."column" = '*' THEN o.applicant ELSE x."column" END)
    )
ORDER BY b.position, o.body_id, x."table", x."row", "column"
