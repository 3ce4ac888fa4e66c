-- One row per report with problems: of each severity the first $most reports.
WITH reports_by_severity AS (
    SELECT DISTINCT report_id, severity FROM all_problems
)

SELECT DISTINCT report_id
FROM reports_by_severity
QUALIFY row_number() OVER (PARTITION BY severity ORDER BY report_id) <= $most
