-- One row per loaded report of $body for $year.
SELECT report_id, form, provenance
FROM reports
WHERE body_id = $body AND year = $year AND status = 'loaded'
ORDER BY report_id
