-- One row per table of a report that repeats the numbers of another report: of another body, or of the year before.
-- Looks back one year.
-- Small bodies print nearly only zeros, and one or two applications fill many cells. So a table counts only with enough
-- numbers that are not zero, and enough different ones. A report that repeats another as a whole has a finding of its own.
WITH tables AS (
    SELECT
        r.report_id, r.body_id, r.year, r.form, r.provenance, c."table",
        string_agg(concat(c."row", '/', c."column", '=', CAST(c.value AS VARCHAR)), ' ' ORDER BY c."row", c."column")
            AS printed
    FROM cells AS c
    INNER JOIN reports AS r ON r.report_id = c.report_id
    CROSS JOIN soft_limits AS l
    WHERE r.status = 'loaded' AND c.value <> 0
    GROUP BY r.report_id, r.body_id, r.year, r.form, r.provenance, c."table"
    HAVING count(*) >= max(l.min_repeated_figures) AND count(DISTINCT c.value) >= max(l.min_repeated_values)
)

SELECT
    t.report_id,
    'table.repeated' AS identity,
    t."table" AS place,
    'fail' AS status,
    CAST(NULL AS DECIMAL(18, 6)) AS lhs,
    CAST(NULL AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    '' AS cells,
    min(o.report_id) AS note,
    CASE WHEN max(o.provenance) <> t.provenance THEN 'mixed' ELSE t.provenance END AS provenance
FROM tables AS t
INNER JOIN tables AS o
    ON o.form = t.form
    AND o."table" = t."table"
    AND o.printed = t.printed
    AND o.report_id <> t.report_id
    AND (o.year = t.year OR (o.year = t.year - 1 AND o.body_id = t.body_id))
LEFT JOIN repeated_reports AS w ON w.report_id = t.report_id
WHERE w.report_id IS NULL
GROUP BY t.report_id, t."table", t.provenance
