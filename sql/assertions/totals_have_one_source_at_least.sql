-- One row per total that is neither compiled nor reported.
-- Severity: error.
SELECT body_id, year, indicator, applicant, status
FROM compiled
WHERE members_counted = 0 AND reported_status IS NULL
