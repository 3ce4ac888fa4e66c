-- One row per form, cell and indicator for which the cell counts; the column is * where it is the kind of applicant.
SELECT f.form, x."table", x."row", x."column", x.indicator, x.series
FROM crosswalk AS x
INNER JOIN (SELECT DISTINCT form FROM crosswalk WHERE form <> '*') AS f ON x.form IN ('*', f.form)
WHERE x.indicator IS NOT NULL
