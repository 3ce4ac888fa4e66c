-- One row per amount of money that is hundreds of times the usual one of the peers, relative to the size of the body, or
-- larger than any body's, and that the year before does not explain: probably in 元 instead of 万元.
-- Looks back one year.
-- The right side is what the amount would be in 万元.
SELECT
    s.report_id,
    'peer.factor' AS identity,
    s.cell AS place,
    'fail' AS status,
    CAST(s.value AS DECIMAL(18, 6)) AS lhs,
    CAST(s.value / l.money_divisor AS DECIMAL(18, 6)) AS rhs,
    'warning' AS severity,
    s.cell AS cells,
    '' AS note,
    s.provenance
FROM suspects AS s
CROSS JOIN soft_limits AS l
WHERE s.cause = 'peer.factor'
