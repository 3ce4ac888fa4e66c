-- One row per line of a list of another kind without any text, per list whose lines are not numbered from 1, and per
-- column that the kind does not have.
-- Severity: error.
SELECT report_id, "table", max(line) AS last_line, count(DISTINCT line) AS lines, min(trim("text")) AS least_text
FROM kind_entries
GROUP BY report_id, "table"
HAVING
    min(trim("text")) = ''
    OR ("table" <> '' AND (min(line) <> 1 OR max(line) <> count(DISTINCT line)))
    OR ("table" = '' AND max(line) <> 0)
UNION ALL
SELECT e.report_id, e."table", e.line, NULL, e."column"
FROM kind_entries AS e
INNER JOIN kind_reports AS r ON r.report_id = e.report_id
LEFT JOIN kind_lists AS l ON l.kind = r.kind AND l."table" = e."table" AND l."column" = e."column"
WHERE l.kind IS NULL
