-- One row per city and severity: how many findings on reports of its bodies failed.
SELECT coalesce(b.parent, b.body_id) AS city, f.severity, count(*) AS failures
FROM findings AS f
INNER JOIN reports AS r ON r.report_id = f.report_id
INNER JOIN bodies AS b ON b.body_id = r.body_id
WHERE f.status = 'fail'
GROUP BY ALL
