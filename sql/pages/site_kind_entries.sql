-- One row per line of a list of a report of another kind, and per report with attributes, the first $most.
SELECT
    r.kind, r.body_id, coalesce(r.subject, '') AS subject, r.year, coalesce(r.quarter, 0) AS quarter, e."table" AS list,
    e.line, map(list(e."column" ORDER BY e."column"), list(e."text" ORDER BY e."column")) AS texts, r.provenance
FROM kind_entries AS e
INNER JOIN kind_reports AS r ON r.report_id = e.report_id
WHERE r.body_id IS NOT NULL AND r.year IS NOT NULL
GROUP BY r.kind, r.body_id, r.subject, r.year, r.quarter, r.report_id, e."table", e.line, r.provenance
ORDER BY r.kind, r.body_id, subject, r.year, quarter, r.report_id, list, e.line
LIMIT $most
