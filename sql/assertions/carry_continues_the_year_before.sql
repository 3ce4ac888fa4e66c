-- One row per body, year and kind of applicant whose gap to the year before is not that of the two observations.
-- Severity: error.
-- Within one body.
SELECT c.body_id, c.year, c.applicant, c.carried_out_before, p.value AS carried_out_last_year, c.gap, c.provenance
FROM carry AS c
LEFT JOIN earlier.observations AS p
    ON p.body_id = c.body_id
    AND p.year = c.year - 1
    AND p.applicant = c.applicant
    AND p.indicator = 'applications.carried_out'
LEFT JOIN reports AS r ON r.body_id = c.body_id AND r.year = c.year AND r.status <> 'quarantined'
WHERE
    c.carried_out_before IS DISTINCT FROM p.value
    OR c.gap IS DISTINCT FROM c.carried_in - p.value
    OR c.provenance IS DISTINCT FROM if(p.provenance <> r.provenance, 'mixed', r.provenance)
