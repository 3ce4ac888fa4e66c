-- 按规则汇总校验结果：每条勾稽关系通过、不通过、未知各多少次（-p year=…） / outcomes by rule
SELECT
    f.identity, r.form, i.severity,
    CASE WHEN $lang = 'zh' THEN i.zh ELSE i.en END AS rule,
    count(*) AS items,
    count(*) FILTER (WHERE f.status = 'pass') AS passes,
    count(*) FILTER (WHERE f.status = 'fail') AS fails,
    count(*) FILTER (WHERE f.status = 'unknown') AS unknown,
    count(DISTINCT CASE WHEN f.status = 'fail' THEN f.report_id END) AS reports_failing,
    max(abs(f.difference)) FILTER (WHERE f.status = 'fail') AS largest_difference,
    i.source
FROM all_findings AS f
INNER JOIN all_reports AS r ON r.report_id = f.report_id
INNER JOIN all_edits AS i ON i.identity = f.identity AND (i.form = r.form OR i.form = '*')
WHERE $year IS NULL OR r.year = CAST($year AS INTEGER)
GROUP BY f.identity, r.form, i.severity, i.zh, i.en, i.source, i.position
ORDER BY i.position, r.form
