-- One row per change that quotes another text or value than its cell, or the author of another decision.
-- Severity: error.
-- Within one body.
SELECT h.report_id, h.cell, h.printed_text, c.raw, h.printed_value, c.value, h.decided_by
FROM changes AS h
LEFT JOIN cells AS c ON c.report_id = h.report_id AND concat(c."table", '/', c."row", '/', c."column") = h.cell
LEFT JOIN decisions AS d ON d.report_id = h.report_id AND d.cell = h.cell AND d.status = 'applied'
WHERE
    h.printed_text <> coalesce(c.raw, '')
    OR h.printed_value IS DISTINCT FROM c.value
    OR h.decided_by IS DISTINCT FROM d.decided_by
    OR h.reason IS DISTINCT FROM d.reason
    OR h.evidence IS DISTINCT FROM d.evidence
