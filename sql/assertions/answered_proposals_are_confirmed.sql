-- One row per answered proposal with a failure that nobody confirmed, and per open proposal whose failures all are.
-- Severity: error.
-- An identity of a proposal may be unknown, because a cell is blank; then it is no failure.
WITH confirmed AS (
    SELECT report_id, cell FROM decisions WHERE operation = 'confirm' AND status = 'applied'
),

named AS (
    SELECT report_id, cell, status, unnest(identities) AS identity_and_place
    FROM proposals
    WHERE status <> 'accepted'
)

SELECT n.report_id, n.cell, n.status, count(f.report_id) AS failures, count(c.cell) AS confirmed
FROM named AS n
LEFT JOIN findings AS f
    ON f.report_id = n.report_id AND f.status = 'fail' AND concat(f.identity, '@', f."place") = n.identity_and_place
LEFT JOIN confirmed AS c ON c.report_id = n.report_id AND c.cell = n.identity_and_place
GROUP BY n.report_id, n.cell, n.status
HAVING (n.status = 'answered') <> (count(f.report_id) > 0 AND count(f.report_id) = count(c.cell))
