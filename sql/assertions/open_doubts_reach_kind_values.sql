-- One row per value of another kind that an open proposal names and that is not in doubt.
-- Severity: error.
SELECT v.report_id, v.cell, v.value, v.in_doubt
FROM kind_values AS v
INNER JOIN kind_proposals AS p
    ON p.report_id = v.report_id AND p.status = 'open' AND list_contains(list_concat([p.cell], p.suspects), v.cell)
WHERE NOT v.in_doubt AND v.origin <> 'decided'
