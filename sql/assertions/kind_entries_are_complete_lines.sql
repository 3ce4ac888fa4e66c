-- One row per line of a list of another kind without any text, and per list whose lines are not numbered from 1.
-- Severity: error.
SELECT report_id, "table", max(line) AS last_line, count(DISTINCT line) AS lines, min(trim("text")) AS least_text
FROM kind_entries
GROUP BY report_id, "table"
HAVING
    min(trim("text")) = ''
    OR ("table" <> '' AND (min(line) <> 1 OR max(line) <> count(DISTINCT line)))
    OR ("table" = '' AND max(line) <> 0)
