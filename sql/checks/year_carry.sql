-- One row per report and kind of applicant whose body also reported the year before: what it carried out is carried in.
-- Looks back one year.
WITH carried AS (
    SELECT r.body_id, r.year, r.provenance, c.report_id, c."row", c."column", c.value
    FROM edited AS c
    INNER JOIN reports AS r ON r.report_id = c.report_id
    WHERE c."table" = 'applications' AND c."row" IN ('carried_in', 'carried_out')
)

SELECT
    a.report_id,
    'year.carry' AS identity,
    concat('applications/carried_in/', a."column") AS place,
    CASE WHEN a.value IS NULL OR b.value IS NULL THEN 'unknown' WHEN a.value = b.value THEN 'pass' ELSE 'fail' END AS status,
    a.value AS lhs,
    b.value AS rhs,
    'warning' AS severity,
    concat('applications/carried_in/', a."column") AS cells,
    concat(b.report_id, ' applications/carried_out/', b."column") AS note,
    CASE WHEN b.provenance <> a.provenance THEN 'mixed' ELSE a.provenance END AS provenance
FROM carried AS a
INNER JOIN carried AS b ON b.body_id = a.body_id AND b.year = a.year - 1 AND b."column" = a."column"
WHERE a."row" = 'carried_in' AND b."row" = 'carried_out'
