-- One row per observation that is not the sum of its cells as published. If one of them is unknown, so is the sum.
-- Severity: error.
-- Within one body.
WITH sums AS (
    SELECT
        o.report_id, o.indicator, o.applicant, o.value,
        count(*) AS cells,
        count(v.value) AS known,
        sum(v.value) AS sum_of_cells
    FROM observed_cells AS o
    LEFT JOIN published_cells AS v ON v.report_id = o.report_id AND v.cell = o.cell
    GROUP BY o.report_id, o.indicator, o.applicant, o.value
)

SELECT report_id, indicator, applicant, value, sum_of_cells, cells, known
FROM sums
WHERE value <> sum_of_cells OR (value IS NOT NULL AND known < cells) OR (value IS NULL AND cells = 1 AND known = 1)
