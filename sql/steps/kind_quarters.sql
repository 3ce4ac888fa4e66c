-- One row per body, year, subject and quarter in which a kind of report is made; quarter 0 is a whole year.
SELECT DISTINCT r.kind, r.body_id, coalesce(r.subject, '') AS subject, r.year, q.quarter
FROM kind_reports AS r
INNER JOIN kinds AS k ON k.kind = r.kind
CROSS JOIN (VALUES (0), (1), (2), (3), (4)) AS q (quarter)
WHERE r.body_id IS NOT NULL AND r.year IS NOT NULL AND (q.quarter = 0) = (k.period = 'year')
