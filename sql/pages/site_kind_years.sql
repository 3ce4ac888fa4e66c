-- One row per value of a year that other kinds of report give by quarters, the first $most.
SELECT
    y.kind, y.body_id, y.subject, y.year, concat(y."table", '/', y.indicator, '/', y.series) AS cell, CAST(y.value AS DOUBLE) AS value,
    CAST(y.known AS DOUBLE) AS known,
    y.missing, y.in_doubt, y.provenance
FROM kind_years AS y
INNER JOIN kinds AS k ON k.kind = y.kind AND k.period = 'quarter'
ORDER BY y.kind, y.body_id, y.subject, y.year, cell
LIMIT $most
