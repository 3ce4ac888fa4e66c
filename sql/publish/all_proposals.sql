-- One row per row of `proposals` and of `kind_proposals`: those of reports of any kind.
SELECT * FROM proposals
UNION ALL
SELECT * FROM kind_proposals
