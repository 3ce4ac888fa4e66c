-- One row per report of another kind of the bodies $bodies on $year: its state, its open errors and warnings, and how many
-- findings its body has to correct. A period in which a body owes a report and gave none has a row without `report_id`.
WITH open_problems AS (
    SELECT
        report_id, count(*) FILTER (WHERE severity = 'error') AS errors,
        count(*) FILTER (WHERE severity = 'warning') AS warnings
    FROM kind_problems
    GROUP BY report_id
),

returned AS (
    SELECT report_id, count(*) AS findings FROM kind_findings WHERE answer = 'returned' GROUP BY report_id
)

SELECT
    d.kind, d.body_id, d.year, d.quarter, coalesce(r.subject, '') AS subject, r.report_id, r.status, r.sha256, r.provenance,
    r.reason_zh, r.reason_en, coalesce(a.findings, 0) AS returned, coalesce(p.errors, 0) AS errors,
    coalesce(p.warnings, 0) AS warnings
FROM kind_due AS d
INNER JOIN kinds AS k ON k.kind = d.kind
LEFT JOIN kind_reports AS r
    ON r.kind = d.kind AND r.body_id = d.body_id AND r.year = d.year AND coalesce(r.quarter, 0) = d.quarter
LEFT JOIN open_problems AS p ON p.report_id = r.report_id
LEFT JOIN returned AS a ON a.report_id = r.report_id
WHERE d.year = $year AND list_contains($bodies, d.body_id)
ORDER BY k.position, d.quarter, r.subject, r.report_id
