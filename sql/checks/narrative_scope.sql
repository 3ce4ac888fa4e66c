-- One row per prose figure that counts something else than the table (立案, 备案), or may do so. If the two differ, a
-- person is asked; it is no error.
WITH taken_up AS (  -- applications dealt with (办理) may be those handled, or those taken up: the new and the carried in
    SELECT report_id, sum(value) AS value
    FROM table_totals
    WHERE prose_row IN ('applications.received', 'applications.carried_in')
    GROUP BY report_id
    HAVING count(value) = 2
),

confirmed AS (  -- a row that the prose also gives without doubt, and as the table has it, needs no second figure
    SELECT f.report_id, f."row"
    FROM figures AS f
    INNER JOIN table_totals AS t ON t.report_id = f.report_id AND t.prose_row = f."row"
    WHERE f.scope = 'whole'
    GROUP BY f.report_id, f."row"
    HAVING min(f.value) = max(t.value) AND max(f.value) = max(t.value)
)

SELECT
    f.report_id,
    'narrative.scope' AS identity,
    concat('narrative/', f."row", '/value') AS place,
    CASE
        WHEN t.value IS NULL OR f.approximate THEN 'unknown'
        WHEN f.value = t.value OR (f."row" = 'applications.handled' AND f.value = u.value) THEN 'pass'
        ELSE 'fail'
    END AS status,
    f.value AS lhs,
    CAST(t.value AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    t.cells,
    f.raw AS note,
    f.provenance
FROM figures AS f
INNER JOIN table_totals AS t ON t.report_id = f.report_id AND t.prose_row = f."row"
LEFT JOIN taken_up AS u ON u.report_id = f.report_id
LEFT JOIN confirmed AS c ON c.report_id = f.report_id AND c."row" = f."row"
WHERE f.scope = 'filed' OR (f.scope = 'uncertain' AND c.report_id IS NULL)
