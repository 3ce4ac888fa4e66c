-- One row: how many errors and warnings all reports have, as `ogi status` counts them.
SELECT
    count(CASE WHEN severity = 'error' THEN 1 END) AS errors,
    count(CASE WHEN severity = 'warning' THEN 1 END) AS warnings
FROM problems
