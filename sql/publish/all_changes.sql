-- One row per cell of a report of any kind whose published value differs from the printed one, as in `changes`.
SELECT
    report_id, cell, printed_text, printed_value, published_value, operation, mechanism, identities, margin, reason,
    evidence, decided_by, provenance
FROM changes
UNION ALL
SELECT
    i.report_id, i.cell, coalesce(c.raw, ''), c.value, i.value, 'derive', NULL, i.identities, NULL, NULL, NULL, NULL,
    i.provenance
FROM kind_derived AS i
LEFT JOIN kind_cells AS c
    ON c.report_id = i.report_id AND i.cell = concat(c."table", '/', c."row", '/', c."column")
UNION ALL
SELECT
    d.report_id, d.cell, coalesce(c.raw, ''), c.value, d.decided_value, d.operation, p.operation, p.identities, p.margin, d.reason,
    d.evidence, d.decided_by, r.provenance
FROM all_decisions AS d
INNER JOIN kind_reports AS r ON r.report_id = d.report_id
LEFT JOIN kind_proposals AS p ON p.report_id = d.report_id AND p.cell = d.cell AND p.implied = d.decided_value
LEFT JOIN kind_cells AS c
    ON c.report_id = d.report_id AND d.cell = concat(c."table", '/', c."row", '/', c."column")
WHERE d.status = 'applied' AND d.decided_value IS NOT NULL
