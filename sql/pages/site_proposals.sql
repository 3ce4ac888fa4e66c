-- One row per open proposal for the reports $reports.
SELECT *
FROM proposals
WHERE status = 'open' AND report_id IN (SELECT unnest($reports))
ORDER BY report_id, anchor, cell
