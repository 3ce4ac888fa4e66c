-- One row a report and kind of applicant whose body also reported the year before: what was carried out is carried in.
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
    CASE WHEN q.provenance <> r.provenance THEN 'mixed' ELSE r.provenance END AS provenance
FROM edited AS a
INNER JOIN reports AS r ON r.report_id = a.report_id
INNER JOIN reports AS q ON q.body_id = r.body_id AND q.year = r.year - 1
INNER JOIN edited AS b ON b.report_id = q.report_id AND b."column" = a."column"
WHERE
    a."table" = 'applications' AND a."row" = 'carried_in'
    AND b."table" = 'applications' AND b."row" = 'carried_out'
