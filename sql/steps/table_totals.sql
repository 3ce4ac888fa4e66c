-- One row per report and prose row with a total in the tables: that total and its cells.
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
        END AS prose_row,
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
)

SELECT
    report_id, prose_row,
    CASE WHEN count(value) = count(*) THEN sum(value) END AS value,
    string_agg(cell, ' ' ORDER BY cell) AS cells
FROM printed
GROUP BY report_id, prose_row
