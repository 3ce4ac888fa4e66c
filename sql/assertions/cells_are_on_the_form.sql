-- One row per cell, figure, derived value or proposal at an address that the form of the report does not have.
-- Severity: error.
-- Within one body.
WITH used AS (
    SELECT 'cells' AS source, report_id, "table", "row", "column" FROM cells
    UNION ALL
    SELECT 'figures', report_id, 'narrative', "row", 'value' FROM figures
    UNION ALL
    SELECT 'derived', report_id, split_part(cell, '/', 1), split_part(cell, '/', 2), split_part(cell, '/', 3) FROM derived
    UNION ALL
    SELECT 'proposals', report_id, split_part(cell, '/', 1), split_part(cell, '/', 2), split_part(cell, '/', 3)
    FROM proposals
),

addresses AS (
    SELECT r.form, u.source, u."table", u."row", u."column", min(u.report_id) AS report_id
    FROM used AS u
    INNER JOIN reports AS r ON r.report_id = u.report_id
    GROUP BY r.form, u.source, u."table", u."row", u."column"
)

SELECT a.source, a.form, a."table", a."row", a."column", a.report_id
FROM addresses AS a
ANTI JOIN crosswalk AS x
    ON x.form IN ('*', a.form) AND x."table" = a."table" AND x."row" = a."row" AND x."column" IN ('*', a."column")
