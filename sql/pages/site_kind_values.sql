-- One row per value of the reports of other kinds, the first $most.
SELECT
    kind, body_id, coalesce(subject, '') AS subject, year, coalesce(quarter, 0) AS quarter, cell,
    CAST(value AS DOUBLE) AS value, in_doubt, origin, provenance
FROM kind_values
ORDER BY kind, body_id, subject, year, quarter, cell
LIMIT $most
