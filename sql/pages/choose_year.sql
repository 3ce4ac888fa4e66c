-- One row per report year of the data.
SELECT DISTINCT CAST(year AS VARCHAR) AS id, CAST(year AS VARCHAR) AS zh, CAST(year AS VARCHAR) AS en, NULL AS aliases
FROM all_reports
WHERE year IS NOT NULL
ORDER BY id
