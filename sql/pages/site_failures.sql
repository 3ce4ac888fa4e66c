-- One row per failed finding on the reports $reports.
SELECT *
FROM findings
WHERE status = 'fail' AND report_id IN (SELECT unnest($reports))
ORDER BY report_id, identity, "place", note
