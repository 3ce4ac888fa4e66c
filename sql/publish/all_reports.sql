-- One row per report of any kind, also for quarantined reports. `form` is the kind for other kinds than the annual report.
-- `part` tells the report from the others of its body and year, and begins its decisions; it is empty for annual reports.
SELECT
    report_id, 'annual_report' AS kind, body_id, body, region_code, level, year, CAST(NULL AS INTEGER) AS quarter,
    CAST(NULL AS VARCHAR) AS subject, '' AS part, form, status, reason_zh, reason_en, path, format, url, published_on,
    provenance
FROM reports
UNION ALL
SELECT
    report_id, kind, body_id, body, region_code, level, year, quarter, subject,
    concat(kind, '-Q' || quarter, '-' || subject) AS part, kind, status, reason_zh, reason_en, path, format, url,
    published_on, provenance
FROM kind_reports
