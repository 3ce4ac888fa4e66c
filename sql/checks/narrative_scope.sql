-- One row a prose figure that counts another thing than the table (立案, 备案) or may do so: where they differ it is a question.
WITH printed AS (
    SELECT
        report_id,
        CASE
            WHEN "table" = 'applications' AND "row" = 'new' THEN 'applications.received'
            WHEN "table" = 'applications' THEN concat('applications.', "row")
            WHEN "table" = 'review_litigation' AND "row" = 'review' THEN 'review.total'
            WHEN "table" = 'review_litigation' THEN 'litigation.total'
            WHEN "table" = 'proactive' THEN 'disclosed.normative_documents'
            WHEN "row" = 'received.total' THEN 'applications.received'
            WHEN "row" = 'concluded.total' THEN 'applications.handled'
            ELSE "row"
        END AS said,
        concat("table", '/', "row", '/', "column") AS cell,
        value
    FROM edited
    WHERE
        ("table" = 'applications' AND "column" = 'total' AND "row" IN ('new', 'carried_in', 'handled', 'carried_out'))
        OR ("table" = 'review_litigation' AND "column" = 'total')
        OR ("table" = 'proactive' AND "row" = 'normative_documents' AND "column" = 'disclosed')
        OR (
            "table" = 'statistics'
            AND "row" IN (
                'disclosed.items', 'disclosed.normative_documents', 'received.total', 'concluded.total', 'review.total',
                'litigation.total', 'trainings', 'trained'
            )
        )
),

totals AS (
    SELECT
        report_id, said,
        CASE WHEN count(value) = count(*) THEN sum(value) END AS value,
        string_agg(cell, ' ' ORDER BY cell) AS cells
    FROM printed
    GROUP BY report_id, said
),

-- Applications dealt with (办理) may be those handled or those taken up, which are the new and the carried in.
taken_up AS (
    SELECT report_id, sum(value) AS value
    FROM printed
    WHERE said IN ('applications.received', 'applications.carried_in')
    GROUP BY report_id
    HAVING count(value) = 2
),

-- What the prose says without doubt, and as the table has it, needs no second figure.
settled AS (
    SELECT f.report_id, f."row"
    FROM figures AS f
    INNER JOIN totals AS t ON t.report_id = f.report_id AND t.said = f."row"
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
INNER JOIN totals AS t ON t.report_id = f.report_id AND t.said = f."row"
LEFT JOIN taken_up AS u ON u.report_id = f.report_id
LEFT JOIN settled AS s ON s.report_id = f.report_id AND s."row" = f."row"
WHERE f.scope = 'filed' OR (f.scope = 'uncertain' AND s.report_id IS NULL)
