-- One row per report that is quarantined, and table that has rows of it.
-- Severity: error.
-- Within one body.
WITH used AS (
    SELECT DISTINCT 'cells' AS "table", report_id FROM cells
    UNION ALL
    SELECT DISTINCT 'figures', report_id FROM figures
    UNION ALL
    SELECT DISTINCT 'findings', report_id FROM findings
    UNION ALL
    SELECT DISTINCT 'derived', report_id FROM derived
    UNION ALL
    SELECT DISTINCT 'proposals', report_id FROM proposals
    UNION ALL
    SELECT DISTINCT 'observations', report_id FROM observations
)

SELECT r.report_id, r.status, u."table"
FROM used AS u
INNER JOIN reports AS r ON r.report_id = u.report_id
WHERE r.status = 'quarantined'
