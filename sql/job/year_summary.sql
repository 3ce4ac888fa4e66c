-- One row per report year (0 where it is unknown): reports loaded, simulated and quarantined, and problems by severity.
WITH problem_counts AS (
    SELECT
        coalesce(r.year, 0) AS year,
        count(CASE WHEN p.severity = 'error' THEN 1 END) AS errors,
        count(CASE WHEN p.severity = 'warning' THEN 1 END) AS warnings
    FROM problems AS p
    INNER JOIN reports AS r ON r.report_id = p.report_id
    GROUP BY coalesce(r.year, 0)
)

SELECT
    coalesce(r.year, 0) AS year,
    count(CASE WHEN r.status = 'loaded' THEN 1 END) AS loaded,
    count(CASE WHEN r.status = 'loaded' AND r.provenance = 'simulated' THEN 1 END) AS simulated,
    count(CASE WHEN r.status = 'quarantined' THEN 1 END) AS quarantined,
    coalesce(max(c.errors), 0) AS errors,
    coalesce(max(c.warnings), 0) AS warnings
FROM reports AS r
LEFT JOIN problem_counts AS c ON c.year = coalesce(r.year, 0)
GROUP BY coalesce(r.year, 0)
ORDER BY year
