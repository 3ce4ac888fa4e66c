-- One row per body and year in which it should report, and per report of an unknown body: what became of the report.
-- To the rows of `due` it adds the years, between the first and the last of a parent, in which none of its bodies reported.
WITH spans AS (
    SELECT parent, min(year) AS first_year, max(year) AS last_year
    FROM due
    WHERE parent IS NOT NULL
    GROUP BY parent
),

silent_years AS (
    SELECT s.parent, y.year
    FROM spans AS s
    CROSS JOIN (SELECT unnest(generate_series(2008, 2100)) AS year) AS y
    LEFT JOIN (SELECT DISTINCT parent, year FROM due) AS d ON d.parent = s.parent AND d.year = y.year
    WHERE y.year BETWEEN s.first_year AND s.last_year AND d.year IS NULL
)

SELECT parent, body_id, body, level, year, status, note, report_id, provenance
FROM due
UNION ALL
SELECT b.parent, b.body_id, b.name, b.level, s.year, 'absent', NULL, NULL, NULL
FROM silent_years AS s
INNER JOIN bodies AS b
    ON b.parent = s.parent AND coalesce(b.first_year, 0) <= s.year AND coalesce(b.last_year, 9999) >= s.year
UNION ALL
SELECT NULL, NULL, body, level, year, 'unknown', reason_zh, report_id, provenance
FROM reports
WHERE body_id IS NULL
