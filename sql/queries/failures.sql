-- 不成立的勾稽关系：哪份报告、哪一格、两边各是多少 / identities that fail: report, cell, both sides
SELECT r.path, r.body, r.year, f.severity, f.identity, f.place, f.lhs, f.rhs, f.difference, f.note, f.provenance
FROM findings AS f
INNER JOIN reports AS r ON r.report_id = f.report_id
WHERE f.status = 'fail'
ORDER BY f.severity, r.path, f.identity, f.place
