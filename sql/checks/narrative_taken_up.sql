-- One row per report whose prose gives the applications it took up (收办): it equals the new plus the carried in.
SELECT
    f.report_id,
    'narrative.taken_up' AS identity,
    'narrative/applications.handled/value' AS place,
    CASE
        WHEN n.value IS NULL OR c.value IS NULL OR f.approximate THEN 'unknown'
        WHEN f.value = n.value + c.value THEN 'pass'
        ELSE 'fail'
    END AS status,
    f.value AS lhs,
    CAST(n.value + c.value AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    'applications/new/total applications/carried_in/total' AS cells,
    f.raw AS note,
    f.provenance
FROM figures AS f
INNER JOIN edited AS n ON n.report_id = f.report_id AND n."table" = 'applications' AND n."row" = 'new' AND n."column" = 'total'
INNER JOIN edited AS c
    ON c.report_id = f.report_id AND c."table" = 'applications' AND c."row" = 'carried_in' AND c."column" = 'total'
WHERE f."row" = 'applications.handled' AND f.scope = 'taken_up'
