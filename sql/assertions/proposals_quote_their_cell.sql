-- One row per proposal that quotes another text or value than its cell, or proposes the printed value.
-- Severity: error.
-- Within one body.
SELECT p.report_id, p.cell, p.printed_text, c.raw, p.printed_value, c.value, p.implied
FROM proposals AS p
LEFT JOIN cells AS c ON c.report_id = p.report_id AND concat(c."table", '/', c."row", '/', c."column") = p.cell
WHERE
    p.level <> 'unresolved'
    AND (
        p.printed_text <> coalesce(c.raw, '')
        OR p.printed_value <> c.value
        OR p.implied IS NOT DISTINCT FROM p.printed_value
    )
