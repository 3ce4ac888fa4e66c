-- One row per proposal that is accepted without a decision, and per acceptance whose proposal is missing or open.
-- Severity: error.
WITH accepted AS (
    SELECT report_id, cell, implied FROM proposals WHERE status = 'accepted'
),

acceptances AS (
    SELECT report_id, cell, decided_value FROM decisions WHERE operation = 'accept' AND status = 'applied'
)

SELECT
    coalesce(p.report_id, d.report_id) AS report_id,
    coalesce(p.cell, d.cell) AS cell,
    p.implied, d.decided_value
FROM accepted AS p
FULL JOIN acceptances AS d ON d.report_id = p.report_id AND d.cell = p.cell
WHERE p.cell IS NULL OR d.cell IS NULL OR p.implied IS DISTINCT FROM d.decided_value
