-- 说明记录：哪些问题已说明照印数无误、哪些待机关更正（-p body=… -p year=…） / findings confirmed as printed or returned
SELECT
    r.path, r.body, r.year, r.quarter, d.cell AS finding, d.operation, d.status, d.printed_text, d.reason, d.evidence, d.decided_by,
    r.provenance
FROM all_decisions AS d
INNER JOIN all_reports AS r ON r.report_id = d.report_id
WHERE
    d.operation IN ('confirm', 'return')
    AND ($body IS NULL OR r.body_id = $body)
    AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
ORDER BY r.path, d.cell
