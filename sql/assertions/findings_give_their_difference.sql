-- One row per finding whose difference is not its left side minus its right side.
-- Severity: error.
SELECT report_id, identity, "place", lhs, rhs, difference
FROM findings
WHERE difference IS DISTINCT FROM lhs - rhs
