-- One row: the compiled and the reported figure of a body with members.
SELECT *
FROM compiled
WHERE body_id = $body AND year = $year AND indicator = $indicator AND applicant = $applicant
