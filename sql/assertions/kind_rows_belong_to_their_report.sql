-- One row per table and report of another kind with rows although it is not loaded, or with another provenance.
-- Severity: error.
WITH shown AS (
    SELECT DISTINCT 'kind_cells' AS "table", report_id, provenance FROM kind_cells
    UNION ALL
    SELECT DISTINCT 'kind_findings', report_id, provenance FROM kind_findings
    UNION ALL
    SELECT DISTINCT 'kind_derived', report_id, provenance FROM kind_derived
    UNION ALL
    SELECT DISTINCT 'kind_proposals', report_id, provenance FROM kind_proposals
    UNION ALL
    SELECT DISTINCT 'kind_entries', report_id, provenance FROM kind_entries
    UNION ALL
    SELECT DISTINCT 'kind_values', report_id, provenance FROM kind_values
)

SELECT s."table", s.report_id, s.provenance, r.provenance AS provenance_of_report, r.status
FROM shown AS s
LEFT JOIN kind_reports AS r ON r.report_id = s.report_id
WHERE r.report_id IS NULL OR r.status = 'quarantined' OR s.provenance IS DISTINCT FROM r.provenance
