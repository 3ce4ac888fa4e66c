-- One row per report of $year: its state, its open errors and warnings, and how many findings its body has to correct.
WITH returned AS (
    SELECT report_id, count(*) AS findings FROM findings WHERE answer = 'returned' GROUP BY report_id
)

SELECT
    r.report_id,
    r.body_id,
    r.status,
    r.sha256,
    r.provenance,
    r.reason_zh,
    r.reason_en,
    coalesce(any_value(a.findings), 0) AS returned,
    count(p.report_id) FILTER (WHERE p.severity = 'error') AS errors,
    count(p.report_id) FILTER (WHERE p.severity = 'warning') AS warnings
FROM reports AS r
LEFT JOIN problems AS p ON p.report_id = r.report_id
LEFT JOIN returned AS a ON a.report_id = r.report_id
WHERE r.year = $year
GROUP BY r.report_id, r.body_id, r.status, r.sha256, r.provenance, r.reason_zh, r.reason_en
ORDER BY r.report_id
