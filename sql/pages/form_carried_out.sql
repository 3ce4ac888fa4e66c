-- One row per body of $bodies and kind of applicant: the applications that its report on $year carries out, without
-- figures in doubt.
SELECT body_id, applicant, value, provenance
FROM observations
WHERE
    year = $year
    AND indicator = 'applications.carried_out'
    AND value IS NOT NULL
    AND in_doubt IS NULL
    AND list_contains($bodies, body_id)
ORDER BY body_id, applicant
