-- 被隔离的报告及原因（-p year=…） / quarantined reports and why
SELECT path, body, year, CASE WHEN $lang = 'en' THEN reason_en ELSE reason_zh END AS reason, provenance
FROM reports
WHERE status = 'quarantined' AND ($year IS NULL OR year = CAST($year AS INTEGER))
ORDER BY path
