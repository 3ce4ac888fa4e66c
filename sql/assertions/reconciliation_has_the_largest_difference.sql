-- One row per city and year whose largest difference, or provenance, is not that of its totals.
-- Severity: error.
WITH totals AS (
    SELECT
        body_id, year,
        max(CASE WHEN difference < 0 THEN -difference ELSE difference END) AS largest,
        list_distinct(list(coalesce(compiled_provenance, reported_provenance))) AS provenances
    FROM compiled
    GROUP BY body_id, year
)

SELECT r.body_id, r.year, r.largest_difference, t.largest, r.provenance, t.provenances
FROM reconciliation AS r
LEFT JOIN totals AS t ON t.body_id = r.body_id AND t.year = r.year
WHERE
    r.largest_difference IS DISTINCT FROM t.largest
    OR r.provenance IS DISTINCT FROM if(len(t.provenances) = 1, t.provenances[1], 'mixed')
