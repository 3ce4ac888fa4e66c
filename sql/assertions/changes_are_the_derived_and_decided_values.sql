-- One row per change that no derived value and no decision gives, and per derived or decided value without its change.
-- Severity: error.
WITH given AS (
    SELECT report_id, cell, 'derive' AS operation, value FROM derived
    UNION ALL
    SELECT report_id, cell, operation, decided_value FROM decisions WHERE status = 'applied' AND decided_value IS NOT NULL
)

SELECT
    coalesce(h.report_id, g.report_id) AS report_id,
    coalesce(h.cell, g.cell) AS cell,
    h.operation, h.published_value, g.value AS given_value
FROM changes AS h
FULL JOIN given AS g
    ON g.report_id = h.report_id AND g.cell = h.cell AND g.operation = h.operation AND g.value = h.published_value
WHERE h.report_id IS NULL OR g.report_id IS NULL
