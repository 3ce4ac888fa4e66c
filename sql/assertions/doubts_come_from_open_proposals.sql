-- One row per observation with another doubt or implied value than the open proposals and failed identities of its cells.
-- Severity: error.
-- Within one body.
WITH open_cells AS (
    SELECT p.report_id, p.cell, p.level, p.implied
    FROM proposals AS p
    WHERE p.status = 'open' AND p.level <> 'unresolved'
),

failed_cells AS (
    SELECT DISTINCT f.report_id, unnest(f.cells) AS cell
    FROM findings AS f
    WHERE
        f.status = 'fail'
        AND f.severity = 'error'
        AND f.answer IS DISTINCT FROM 'confirmed'
        AND NOT EXISTS (
            FROM proposals AS p
            WHERE
                p.report_id = f.report_id
                AND p.status = 'open'
                AND p.level <> 'unresolved'
                AND list_contains(p.identities, concat(f.identity, '@', f."place"))
        )
    UNION
    SELECT report_id, unnest(suspects) AS cell FROM proposals WHERE status = 'open' AND level = 'unresolved'
),

doubtful AS (
    SELECT report_id, cell, level, implied FROM open_cells
    UNION ALL
    SELECT f.report_id, f.cell, 'unresolved', NULL
    FROM failed_cells AS f
    ANTI JOIN open_cells AS o ON o.report_id = f.report_id AND o.cell = f.cell
),

settled AS (
    SELECT report_id, cell FROM decisions WHERE status = 'applied'
),

expected AS (
    SELECT o.report_id, o.indicator, o.applicant, max(d.level) AS level, count(d.level) AS cells, max(d.implied) AS implied
    FROM observed_cells AS o
    INNER JOIN doubtful AS d ON d.report_id = o.report_id AND d.cell = o.cell
    ANTI JOIN settled AS s ON s.report_id = o.report_id AND s.cell = o.cell
    WHERE o.value IS NOT NULL
    GROUP BY o.report_id, o.indicator, o.applicant
)

SELECT
    o.body_id, o.year, o.indicator, o.applicant, o.value, o.in_doubt, e.level AS expected_doubt, o.implied,
    e.implied AS expected_implied
FROM observations AS o
LEFT JOIN expected AS e
    ON e.report_id = o.report_id AND e.indicator = o.indicator AND e.applicant = o.applicant
WHERE
    o.in_doubt IS DISTINCT FROM e.level
    OR (NOT contains(o.cell, '+') AND e.cells = 1 AND o.implied IS DISTINCT FROM e.implied)
    OR (o.in_doubt IS NULL AND o.implied IS NOT NULL)
