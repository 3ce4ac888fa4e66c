-- One row per proposal that is accepted without a decision, or open although a decision accepts it.
-- Severity: error.
SELECT p.report_id, p.cell, p.status, d.operation, d.decided_value
FROM proposals AS p
LEFT JOIN decisions AS d
    ON d.report_id = p.report_id AND d.cell = p.cell AND d.operation = 'accept' AND d.status = 'applied'
WHERE (p.status = 'accepted') <> (d.cell IS NOT NULL)
