-- One row per cell among $cells of $reports and answered finding about it.
WITH answered AS (
    SELECT report_id, identity, "place", answer, reason, evidence, decided_by, unnest(list_append(cells, "place")) AS cell
    FROM findings
    WHERE status = 'fail' AND answer IS NOT NULL AND list_contains($reports, report_id)
)

SELECT DISTINCT *
FROM answered
WHERE list_contains($cells, cell)
ORDER BY ALL
