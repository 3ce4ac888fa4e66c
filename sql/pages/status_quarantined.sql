-- One row per quarantined report, with the reason in both languages; the first $most by path.
SELECT path, body, year, reason_zh, reason_en, provenance
FROM all_reports
WHERE status = 'quarantined'
ORDER BY path
LIMIT $most
