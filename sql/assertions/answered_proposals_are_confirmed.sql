-- One row per answered proposal with an identity that nobody confirmed, and per open proposal whose identities all are.
-- Severity: error.
WITH confirmed AS (
    SELECT report_id, cell FROM decisions WHERE operation = 'confirm' AND status = 'applied'
),

named AS (
    SELECT report_id, cell, status, unnest(identities) AS identity_and_place
    FROM proposals
    WHERE status <> 'accepted'
)

SELECT n.report_id, n.cell, n.status, count(*) AS identities, count(c.cell) AS confirmed
FROM named AS n
LEFT JOIN confirmed AS c ON c.report_id = n.report_id AND c.cell = n.identity_and_place
GROUP BY n.report_id, n.cell, n.status
HAVING (n.status = 'answered') <> (count(*) = count(c.cell))
