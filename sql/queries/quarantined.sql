-- 被隔离的报告及原因 / quarantined reports and why
SELECT path, body, year, reason_zh, reason_en, provenance
FROM reports
WHERE status = 'quarantined'
ORDER BY path
