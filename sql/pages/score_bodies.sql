-- One row per member of $body, and $body itself, due in $year: whether it reported, and whether that was in time.
SELECT
    c.body_id, c.body, c.level, c.status, r.path, t.timeliness, CAST(t.published_on AS VARCHAR) AS published_on,
    t.days_late, c.provenance
FROM coverage AS c
LEFT JOIN reports AS r ON r.report_id = c.report_id
LEFT JOIN timeliness AS t ON t.report_id = c.report_id
WHERE c.year = $year AND (c.parent = $body OR c.body_id = $body)
ORDER BY c.body_id <> $body, c.body_id
