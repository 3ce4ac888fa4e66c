-- One row per body, year and table in which a figure of a simulated report is shown as a real one.
-- Severity: error.
WITH shown AS (
    SELECT DISTINCT 'growth' AS "table", body_id, year, provenance FROM growth WHERE basis = 'reported'
    UNION ALL
    SELECT DISTINCT 'rates', body_id, year, provenance FROM rates WHERE basis = 'reported'
    UNION ALL
    SELECT DISTINCT 'percentiles', body_id, year, provenance FROM percentiles
    UNION ALL
    SELECT DISTINCT 'carry', body_id, year, provenance FROM carry
    UNION ALL
    SELECT DISTINCT 'compiled', body_id, year, reported_provenance FROM compiled
    UNION ALL
    SELECT DISTINCT 'headline', body_id, year, reported_provenance FROM headline
)

SELECT s."table", s.body_id, s.year, s.provenance, r.report_id
FROM shown AS s
INNER JOIN reports AS r ON r.body_id = s.body_id AND r.year = s.year
WHERE r.status = 'loaded' AND r.provenance = 'simulated' AND s.provenance IN ('published', 'transcribed')
