-- One row per report, table and provenance that is not the report's.
-- Severity: error.
WITH shown AS (
    SELECT DISTINCT 'cells' AS "table", report_id, provenance FROM cells
    UNION ALL
    SELECT DISTINCT 'figures', report_id, provenance FROM figures
    UNION ALL
    SELECT DISTINCT 'derived', report_id, provenance FROM derived
    UNION ALL
    SELECT DISTINCT 'proposals', report_id, provenance FROM proposals
    UNION ALL
    SELECT DISTINCT 'changes', report_id, provenance FROM changes
    UNION ALL
    SELECT DISTINCT 'observations', report_id, provenance FROM observations
    UNION ALL
    SELECT DISTINCT 'due', report_id, provenance FROM due WHERE report_id IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'contributors', report_id, provenance FROM contributors
    UNION ALL
    -- A check that compares two reports is mixed if their provenance differs.
    SELECT DISTINCT 'findings', f.report_id, f.provenance
    FROM findings AS f
    WHERE f.provenance <> 'mixed' OR f.identity NOT IN (SELECT i.identity FROM identities AS i WHERE i.form = '*')
)

SELECT s."table", s.report_id, s.provenance, r.provenance AS provenance_of_report
FROM shown AS s
INNER JOIN reports AS r ON r.report_id = s.report_id
WHERE s.provenance IS DISTINCT FROM r.provenance
