-- One row per body and period in which a report of another kind is owed or given, the first $most.
SELECT kind, body_id, year, quarter, status
FROM kind_due
ORDER BY kind, body_id, year, quarter
LIMIT $most
