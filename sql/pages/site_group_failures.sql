-- One row per body and severity: how many findings on its report and on those of its members
-- failed, without those that a person confirmed as printed.
WITH failed AS (
    SELECT unnest([r.body_id, r.parent]) AS head, f.severity
    FROM findings AS f
    INNER JOIN reports AS r ON r.report_id = f.report_id
    WHERE f.status = 'fail' AND (f.answer IS NULL OR f.answer <> 'confirmed')
)

SELECT head, severity, count(*) AS failures
FROM failed
WHERE head IS NOT NULL
GROUP BY head, severity
