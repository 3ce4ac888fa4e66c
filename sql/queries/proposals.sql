-- 疑似错格：印的是多少、应为多少、哪种差错、把握多大（-p body=… -p year=…） / cells that are probably wrong
SELECT
    r.path, r.body, r.year, r.quarter, p.level, p.cell, p.printed_text, p.implied, p.operation, p.margin,
    p.alternatives, p.suspects, p.status, p.provenance
FROM all_proposals AS p
INNER JOIN all_reports AS r ON r.report_id = p.report_id
WHERE ($body IS NULL OR r.body_id = $body) AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
ORDER BY r.path, p.anchor, p.cell
