-- 各种类被隔离的报告及原因（-p year=…） / quarantined reports and why
SELECT
    r.path, r.body, r.year, r.quarter, CASE WHEN $lang = 'en' THEN k.en ELSE k.zh END AS report,
    CASE WHEN $lang = 'en' THEN r.reason_en ELSE r.reason_zh END AS reason, r.provenance
FROM all_reports AS r
LEFT JOIN kinds AS k ON k.kind = r.kind
WHERE r.status = 'quarantined' AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
ORDER BY r.path
