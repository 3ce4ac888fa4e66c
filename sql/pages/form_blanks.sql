-- One row per report in the compiled figures of $body and table of $form that lacks figures: the cells without a figure,
-- and the number of cells with one.
WITH cells AS (
    SELECT "table", "row", "column", indicator
    FROM crosswalk
    WHERE (form = $form OR form = '*') AND relation <> 'part' AND "table" <> 'narrative'
),

figures AS (
    SELECT
        o.body_id, x."table",
        count(o.value) AS known,
        list(concat(x."table", '/', x."row", '/', CASE WHEN x."column" = '*' THEN o.applicant ELSE x."column" END))
            FILTER (WHERE o.value IS NULL) AS blank
    FROM cells AS x
    INNER JOIN observations AS o ON o.indicator = x.indicator AND (x."column" = '*' OR o.applicant = 'total')
    INNER JOIN contributors AS c ON c.contributor = o.body_id AND c.year = o.year
    WHERE c.body_id = $body AND c.year = $year
    GROUP BY o.body_id, x."table"
)

SELECT
    b.body_id, b.name AS body, t."table", coalesce(f.known, 0) AS known, coalesce(f.blank, []) AS blank
FROM contributors AS c
INNER JOIN bodies AS b ON b.body_id = c.contributor
CROSS JOIN (SELECT DISTINCT "table" FROM cells) AS t
LEFT JOIN figures AS f ON f.body_id = c.contributor AND f."table" = t."table"
WHERE c.body_id = $body AND c.year = $year AND (coalesce(f.known, 0) = 0 OR len(f.blank) > 0)
ORDER BY b.position, b.body_id, t."table"
