-- One row per report year (0 where it is unknown): reports loaded, simulated and quarantined, and problems by severity.
WITH counted AS (
    SELECT report_id, coalesce(year, 0) AS year, status, provenance FROM all_reports
),

problem_counts AS (
    SELECT
        r.year,
        count(CASE WHEN p.severity = 'error' THEN 1 END) AS errors,
        count(CASE WHEN p.severity = 'warning' THEN 1 END) AS warnings
    FROM all_problems AS p
    INNER JOIN counted AS r ON r.report_id = p.report_id
    GROUP BY r.year
)

SELECT
    r.year,
    count(CASE WHEN r.status = 'loaded' THEN 1 END) AS loaded,
    count(CASE WHEN r.status = 'loaded' AND r.provenance = 'simulated' THEN 1 END) AS simulated,
    count(CASE WHEN r.status = 'quarantined' THEN 1 END) AS quarantined,
    coalesce(max(c.errors), 0) AS errors,
    coalesce(max(c.warnings), 0) AS warnings
FROM counted AS r
LEFT JOIN problem_counts AS c ON c.year = r.year
GROUP BY r.year
ORDER BY r.year
