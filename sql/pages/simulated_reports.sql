-- One row: how many loaded reports are simulated.
SELECT count(*) AS reports
FROM reports
WHERE status = 'loaded' AND provenance = 'simulated'
