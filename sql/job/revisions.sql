-- One row per report of any kind that was added, removed or changed between two snapshots; of a changed one, per cell that differs.
WITH reports_before AS (
    SELECT report_id, sha256 FROM before_reports
    UNION ALL
    SELECT report_id, sha256 FROM before_kind_reports
),

reports_after AS (
    SELECT report_id, sha256 FROM after_reports
    UNION ALL
    SELECT report_id, sha256 FROM after_kind_reports
),

changed_reports AS (
    SELECT
        coalesce(b.report_id, a.report_id) AS report_id,
        b.sha256 AS old_sha256,
        a.sha256 AS new_sha256,
        CASE
            WHEN b.report_id IS NULL THEN 'added'
            WHEN a.report_id IS NULL THEN 'removed'
            ELSE 'changed'
        END AS change
    FROM reports_before AS b
    FULL JOIN reports_after AS a ON a.report_id = b.report_id
    WHERE b.sha256 IS DISTINCT FROM a.sha256
),

cells_before AS (
    SELECT report_id, concat("table", '/', "row", '/', "column") AS cell, raw, value
    FROM (
        SELECT report_id, "table", "row", "column", raw, value FROM before_cells
        UNION ALL
        SELECT report_id, "table", "row", "column", raw, value FROM before_kind_cells
    )
    WHERE report_id IN (SELECT report_id FROM changed_reports WHERE change = 'changed')
),

cells_after AS (
    SELECT report_id, concat("table", '/', "row", '/', "column") AS cell, raw, value
    FROM (
        SELECT report_id, "table", "row", "column", raw, value FROM after_cells
        UNION ALL
        SELECT report_id, "table", "row", "column", raw, value FROM after_kind_cells
    )
    WHERE report_id IN (SELECT report_id FROM changed_reports WHERE change = 'changed')
),

changed_cells AS (
    SELECT
        coalesce(b.report_id, a.report_id) AS report_id,
        coalesce(b.cell, a.cell) AS cell,
        b.raw AS old_text,
        a.raw AS new_text,
        b.value AS old_value,
        a.value AS new_value
    FROM cells_before AS b
    FULL JOIN cells_after AS a ON a.report_id = b.report_id AND a.cell = b.cell
    WHERE b.raw IS DISTINCT FROM a.raw OR b.value IS DISTINCT FROM a.value
)

SELECT
    r.report_id, r.change, r.old_sha256, r.new_sha256, c.cell, c.old_text, c.new_text, c.old_value, c.new_value
FROM changed_reports AS r
LEFT JOIN changed_cells AS c ON c.report_id = r.report_id
ORDER BY r.report_id, c.cell
