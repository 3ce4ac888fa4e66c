-- One row per body and severity: how many problems the reports of the body and of its members have. A problem is what
-- `ogi status` counts, so that both show the same numbers.
WITH problems_by_head AS (
    SELECT unnest([r.body_id, r.parent]) AS head, p.severity
    FROM problems AS p
    INNER JOIN reports AS r ON r.report_id = p.report_id
)

SELECT head, severity, count(*) AS problems
FROM problems_by_head
WHERE head IS NOT NULL
GROUP BY head, severity
