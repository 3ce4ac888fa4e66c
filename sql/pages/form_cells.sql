-- One row per cell of $form that the crosswalk equates with an indicator: the compiled and reported figure of $body.
SELECT
    x."table", x."row", CASE WHEN x."column" = '*' THEN c.applicant ELSE x."column" END AS "column", c.indicator,
    c.compiled, c.compiled_provenance, c.reported, c.reported_provenance, c.reported_status, c.members_missing,
    c.in_doubt, c.reported_in_doubt
FROM crosswalk AS x
INNER JOIN compiled AS c ON c.indicator = x.indicator AND (x."column" = '*' OR c.applicant = 'total')
WHERE (x.form = $form OR x.form = '*') AND x.relation <> 'part' AND c.body_id = $body AND c.year = $year
