-- 变更记录：发布的数与印的数不同之处（-p body=… -p year=…） / numbers published that differ from the printed ones
SELECT
    r.path, r.body, r.year, r.quarter, c.cell, c.printed_text, c.printed_value, c.published_value, c.operation, c.mechanism, c.reason,
    c.evidence, c.decided_by, c.provenance
FROM all_changes AS c
INNER JOIN all_reports AS r ON r.report_id = c.report_id
WHERE ($body IS NULL OR r.body_id = $body) AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
ORDER BY r.path, c.cell
