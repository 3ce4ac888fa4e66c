-- One row per cell, derived value, or row of a mart with another unit than its indicator.
-- Severity: error.
-- Within one body.
-- Forms that begin an earlier series count in their own unit: 条 for normative documents in the form of 2014.
WITH used AS (
    SELECT DISTINCT 'cells' AS "table", x.indicator, c.unit
    FROM cells AS c
    INNER JOIN reports AS r ON r.report_id = c.report_id
    INNER JOIN crosswalk_cells AS x
        ON x.form = r.form AND x."table" = c."table" AND x."row" = c."row" AND x."column" IN ('*', c."column")
    WHERE x.series = (SELECT max(y.series) FROM crosswalk AS y WHERE y.indicator = x.indicator)
    UNION ALL
    SELECT DISTINCT 'derived', x.indicator, d.unit
    FROM derived AS d
    INNER JOIN reports AS r ON r.report_id = d.report_id
    INNER JOIN crosswalk_cells AS x
        ON x.form = r.form
        AND x."table" = split_part(d.cell, '/', 1)
        AND x."row" = split_part(d.cell, '/', 2)
        AND x."column" IN ('*', split_part(d.cell, '/', 3))
    UNION ALL
    SELECT DISTINCT 'observations', indicator, unit FROM observations
    UNION ALL
    SELECT DISTINCT 'compiled', indicator, unit FROM compiled
    UNION ALL
    SELECT DISTINCT 'growth', indicator, unit FROM growth
    UNION ALL
    SELECT DISTINCT 'headline', indicator, unit FROM headline
)

SELECT u."table", u.indicator, u.unit, i.unit AS unit_of_indicator
FROM used AS u
INNER JOIN indicators AS i ON i.indicator = u.indicator
WHERE u.unit IS DISTINCT FROM i.unit
