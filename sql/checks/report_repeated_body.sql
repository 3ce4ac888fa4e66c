-- One row per report that repeats the report of another body of the same year, cell by cell.
-- Looks back one year.
-- `note` has the cells that are equal, those compared, those equal and not zero, and the other report.
SELECT
    report_id,
    'report.repeated_body' AS identity,
    'report' AS place,
    'fail' AS status,
    CAST(NULL AS DECIMAL(18, 6)) AS lhs,
    CAST(NULL AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    '' AS cells,
    concat(
        CAST(equal AS VARCHAR), '/', CAST(compared AS VARCHAR), ' ', CAST(equal_not_zero AS VARCHAR), ' ', other
    ) AS note,
    provenance
FROM repeated_reports
WHERE kind = 'body'
