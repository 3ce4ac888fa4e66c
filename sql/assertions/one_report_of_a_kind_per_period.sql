-- One row per body, kind, period and subject with several loaded reports, and per report with a period that its kind lacks.
-- Severity: error.
SELECT
    r.kind, r.body_id, r.year, r.quarter, r.subject, count(*) AS reports, min(r.report_id) AS first_report,
    any_value(k.period) AS period
FROM kind_reports AS r
LEFT JOIN kinds AS k ON k.kind = r.kind
WHERE r.status = 'loaded'
GROUP BY r.kind, r.body_id, r.year, r.quarter, r.subject
HAVING
    count(*) > 1
    OR any_value(k.period) IS NULL
    OR (any_value(k.period) = 'quarter') <> (r.quarter IS NOT NULL)
    OR r.quarter NOT BETWEEN 1 AND 4
