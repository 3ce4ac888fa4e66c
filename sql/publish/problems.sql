-- One row per problem of a report: an open proposal with all cells that are wrong together, or a failed finding that no
-- open proposal explains and no person confirmed as printed. `place` is the first cell of the proposal or the place of
-- the finding. A report that repeats the one of the year before does not continue it either; that is one problem.
WITH explained AS (
    SELECT DISTINCT report_id, unnest(identities) AS identity_and_place
    FROM proposals
    WHERE status = 'open'
),

repeating AS (
    SELECT DISTINCT report_id FROM findings WHERE identity = 'report.repeated_year' AND status = 'fail'
)

SELECT report_id, 'proposal' AS kind, 'error' AS severity, anchor AS place, CAST(NULL AS VARCHAR) AS identity
FROM proposals
WHERE status = 'open'
GROUP BY report_id, anchor
UNION ALL
SELECT f.report_id, 'finding', f.severity, f."place", f.identity
FROM findings AS f
LEFT JOIN explained AS e ON e.report_id = f.report_id AND e.identity_and_place = concat(f.identity, '@', f."place")
LEFT JOIN repeating AS r ON r.report_id = f.report_id AND f.identity IN ('year.carry', 'year.in_force', 'year.items')
WHERE
    f.status = 'fail'
    AND e.report_id IS NULL
    AND r.report_id IS NULL
    AND (f.answer IS NULL OR f.answer <> 'confirmed')
