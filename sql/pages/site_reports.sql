-- One row per report of a body in $bodies, with its file, source, and the reason if it is quarantined.
SELECT
    report_id, body_id, year, form, path, sha256, format, reader, provenance, source, status, reason_zh, reason_en, url,
    CAST(published_on AS VARCHAR) AS published_on
FROM reports
WHERE body_id IN (SELECT unnest($bodies))
ORDER BY body_id, year, report_id
