-- One row per problem of a report of another kind: an open proposal with all cells that are wrong together, or a failed
-- finding that no open proposal explains and no person confirmed as printed.
WITH explained AS (
    SELECT DISTINCT report_id, unnest(identities) AS identity_and_place
    FROM kind_proposals
    WHERE status = 'open'
)

SELECT report_id, 'proposal' AS problem, 'error' AS severity, anchor AS place, CAST(NULL AS VARCHAR) AS identity
FROM kind_proposals
WHERE status = 'open'
GROUP BY report_id, anchor
UNION ALL
SELECT f.report_id, 'finding', f.severity, f."place", f.identity
FROM kind_findings AS f
LEFT JOIN explained AS e ON e.report_id = f.report_id AND e.identity_and_place = concat(f.identity, '@', f."place")
WHERE f.status = 'fail' AND e.report_id IS NULL AND (f.answer IS NULL OR f.answer <> 'confirmed')
