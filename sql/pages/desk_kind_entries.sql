-- One row per text of $report, which is of another kind than the annual one: its list, line and column with their names. The
-- attributes of the report have no list.
SELECT e."table" AS list, e.line, e."column", e."text", l.zh, l.en, coalesce(l.heading, e."column") AS heading
FROM kind_entries AS e
INNER JOIN kind_reports AS r ON r.report_id = e.report_id
LEFT JOIN kind_lists AS l ON l.kind = r.kind AND l."table" = e."table" AND l."column" = e."column"
WHERE e.report_id = $report
ORDER BY e."table", e.line, l.position, e."column"
