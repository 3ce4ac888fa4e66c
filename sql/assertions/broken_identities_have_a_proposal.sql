-- One row per broken identity that no proposal names. Acceptances are left out: they may break another identity.
-- Severity: error.
WITH named AS (
    SELECT DISTINCT report_id, unnest(identities) AS identity_and_place
    FROM proposals
)

SELECT f.report_id, f.identity, f."place", f.difference
FROM findings AS f
SEMI JOIN identities AS i ON i.identity = f.identity AND i.equation IS NOT NULL AND i.severity = 'error'
ANTI JOIN named AS n ON n.report_id = f.report_id AND n.identity_and_place = concat(f.identity, '@', f."place")
ANTI JOIN decisions AS d ON d.report_id = f.report_id AND d.status = 'applied' AND d.operation = 'accept'
WHERE f.status = 'fail'
