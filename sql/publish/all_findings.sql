-- One row per row of `findings` and of `kind_findings`: those of reports of any kind.
SELECT * FROM findings
UNION ALL
SELECT * FROM kind_findings
