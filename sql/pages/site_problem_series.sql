-- One row per body in $bodies: the years of reports with problems, and how many errors and warnings they have.
WITH problems_by_year AS (
    SELECT
        r.body_id, r.year,
        count(CASE WHEN p.severity = 'error' THEN 1 END) AS errors,
        count(CASE WHEN p.severity = 'warning' THEN 1 END) AS warnings
    FROM problems AS p
    INNER JOIN reports AS r ON r.report_id = p.report_id
    WHERE r.year IS NOT NULL AND r.body_id IN (SELECT unnest($bodies))
    GROUP BY r.body_id, r.year
)

SELECT
    body_id, list(year ORDER BY year) AS years, list(errors ORDER BY year) AS errors,
    list(warnings ORDER BY year) AS warnings
FROM problems_by_year
GROUP BY body_id
ORDER BY body_id
