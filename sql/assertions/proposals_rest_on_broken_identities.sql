-- One row per open proposal and identity that it names, where the report fulfils this identity or is not tested on it.
-- Severity: error.
-- An identity with a blank is unknown; a proposal that takes the blank for a zero may name it.
WITH named AS (
    SELECT report_id, cell, unnest(identities) AS identity_and_place
    FROM proposals
    WHERE status = 'open'
)

SELECT n.report_id, n.cell, n.identity_and_place
FROM named AS n
ANTI JOIN findings AS f
    ON f.report_id = n.report_id AND f.status <> 'pass' AND concat(f.identity, '@', f."place") = n.identity_and_place
ANTI JOIN decisions AS d ON d.report_id = n.report_id AND d.status = 'applied' AND d.operation = 'accept'
