-- One row per figure that is about 10, 100, 1,000 or 10,000 times that of the year before, or that fraction of it, and out of
-- line with its peers or too large a change for any body: probably a wrong unit or digits too many.
-- Looks back one year.
SELECT
    report_id,
    'year.factor' AS identity,
    cell AS place,
    'fail' AS status,
    CAST(value AS DECIMAL(18, 6)) AS lhs,
    CAST(prior AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    cell AS cells,
    concat(CASE WHEN ratio > 1 THEN 'times=' ELSE 'part=' END, CAST(CAST(factor AS BIGINT) AS VARCHAR)) AS note,
    provenance
FROM suspects
WHERE cause = 'year.factor'
