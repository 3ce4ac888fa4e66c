-- One row per decision about another body or year than its report, or with a value that does not fit, and per decision
-- on a cell with a status that does not fit.
-- Severity: error.
SELECT d.body_id, d.year, d.cell, d.report_id, d.status, d.operation, d.decided_value, c.raw
FROM decisions AS d
LEFT JOIN reports AS r ON r.report_id = d.report_id
LEFT JOIN cells AS c ON c.report_id = d.report_id AND concat(c."table", '/', c."row", '/', c."column") = d.cell
WHERE
    r.body_id IS DISTINCT FROM d.body_id
    OR r.year IS DISTINCT FROM d.year
    OR (d.operation IN ('reject', 'confirm', 'return')) <> (d.decided_value IS NULL)
    OR (d.operation NOT IN ('confirm', 'return') AND (d.status = 'unmatched') <> (c.report_id IS NULL))
    OR (d.operation NOT IN ('confirm', 'return') AND d.status = 'applied' AND replace(trim(d.printed_text), ',', '') <> replace(trim(c.raw), ',', ''))
