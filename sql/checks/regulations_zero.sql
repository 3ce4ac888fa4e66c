-- One row per cell about 规章 of a body that cannot issue any (departments, and bodies below a city): it is 0.
SELECT
    c.report_id,
    'regulations.zero' AS identity,
    concat('proactive/regulations/', c."column") AS place,
    CASE WHEN c.value IS NULL THEN 'unknown' WHEN c.value = 0 THEN 'pass' ELSE 'fail' END AS status,
    c.value AS lhs,
    CAST(0 AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    concat('proactive/regulations/', c."column") AS cells,
    r.level AS note,
    r.provenance
FROM edited AS c
INNER JOIN reports AS r ON r.report_id = c.report_id
WHERE c."table" = 'proactive' AND c."row" = 'regulations' AND r.level IN ('county', 'zone', 'department', 'township')
