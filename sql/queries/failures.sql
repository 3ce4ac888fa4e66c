-- 不成立的勾稽关系：哪份报告、哪一格、两边各是多少（-p body=… -p year=…） / identities that fail: report, cell, both sides
SELECT
    r.path, r.body, r.year, r.quarter, f.severity, f.identity, f.place, f.lhs, f.rhs, f.difference, f.note, f.provenance
FROM all_findings AS f
INNER JOIN all_reports AS r ON r.report_id = f.report_id
WHERE
    f.status = 'fail'
    AND ($body IS NULL OR r.body_id = $body)
    AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
ORDER BY f.severity, r.path, f.identity, f.place
