-- One row per identity, severity and status: how many findings there are.
SELECT identity, severity, status, count(*) AS findings
FROM findings
GROUP BY ALL
ORDER BY ALL
