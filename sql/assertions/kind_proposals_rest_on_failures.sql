-- One row per proposal on a report of another kind that no failed finding supports, or whose quoted text its cell does not print,
-- and per derived number whose cell prints one.
-- Severity: error.
WITH failed AS (
    SELECT DISTINCT report_id, concat(identity, '@', "place") AS name FROM kind_findings WHERE status = 'fail'
),

supported AS (
    SELECT DISTINCT p.report_id, p.cell
    FROM kind_proposals AS p
    INNER JOIN failed AS f ON f.report_id = p.report_id AND list_contains(p.identities, f.name)
)

SELECT p.report_id, p.cell, p.level, p.printed_text, c.raw
FROM kind_proposals AS p
LEFT JOIN supported AS s ON s.report_id = p.report_id AND s.cell = p.cell
LEFT JOIN kind_cells AS c ON c.report_id = p.report_id AND concat(c."table", '/', c."row", '/', c."column") = p.cell
WHERE
    (s.cell IS NULL AND p.status = 'open')
    OR (p.printed_text <> '' AND p.printed_text IS DISTINCT FROM c.raw)
    OR (p.level = 'unresolved' AND len(p.suspects) = 0)
    OR (p.level <> 'unresolved' AND p.implied IS NULL)
UNION ALL
SELECT d.report_id, d.cell, 'derived', CAST(d.value AS VARCHAR), c.raw
FROM kind_derived AS d
INNER JOIN kind_cells AS c
    ON c.report_id = d.report_id AND concat(c."table", '/', c."row", '/', c."column") = d.cell AND c.value IS NOT NULL
