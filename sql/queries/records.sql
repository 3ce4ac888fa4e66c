-- 按报告汇总校验结果：每份报告通过、不通过、未知各多少项，错格几处（-p body=… -p year=…） / outcomes by report
SELECT
    r.body, r.year, r.quarter, r.form, r.provenance,
    count(*) AS items,
    count(*) FILTER (WHERE f.status = 'pass') AS passes,
    count(*) FILTER (WHERE f.status = 'fail' AND f.severity = 'error') AS errors,
    count(*) FILTER (WHERE f.status = 'fail' AND f.severity = 'warning') AS warnings,
    count(*) FILTER (WHERE f.status = 'unknown') AS unknown,
    coalesce(max(p.culprits), 0) AS culprits,
    coalesce(max(d.derived), 0) AS derived
FROM all_reports AS r
INNER JOIN all_findings AS f ON f.report_id = r.report_id
LEFT JOIN (
    SELECT report_id, count(DISTINCT anchor) AS culprits FROM all_proposals WHERE status = 'open' GROUP BY report_id
) AS p ON p.report_id = r.report_id
LEFT JOIN (
    SELECT report_id, count(*) AS derived FROM all_changes WHERE operation = 'derive' GROUP BY report_id
) AS d ON d.report_id = r.report_id
WHERE ($body IS NULL OR r.body_id = $body) AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
GROUP BY r.report_id, r.body, r.year, r.quarter, r.form, r.provenance
ORDER BY errors DESC, warnings DESC, r.year, r.body, r.report_id
