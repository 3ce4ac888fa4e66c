-- One row per edit that fails most often: its name, its severity, and the reports and places where it fails.
SELECT
    f.identity,
    any_value(i.zh) AS zh,
    any_value(i.en) AS en,
    f.severity,
    count(DISTINCT f.report_id) AS reports,
    count(DISTINCT (f.report_id, f.place)) AS places
FROM all_findings AS f
INNER JOIN all_reports AS r ON r.report_id = f.report_id
LEFT JOIN all_edits AS i ON i.identity = f.identity AND i.form IN (r.form, '*')
WHERE f.status = 'fail'
GROUP BY f.identity, f.severity
ORDER BY f.severity, reports DESC, f.identity
LIMIT 10
