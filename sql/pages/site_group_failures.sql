-- One row per body with members and severity: how many findings on its report and on those of its members failed.
WITH failed AS (
    SELECT r.body_id, r.parent, f.severity
    FROM findings AS f
    INNER JOIN reports AS r ON r.report_id = f.report_id
    WHERE f.status = 'fail'
)

SELECT b.body_id AS head, f.severity, count(*) AS failures
FROM bodies AS b
INNER JOIN failed AS f ON f.body_id = b.body_id OR f.parent = b.body_id
GROUP BY ALL
