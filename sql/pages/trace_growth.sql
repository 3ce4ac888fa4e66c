-- One row per basis: the growth of a figure.
SELECT *
FROM growth
WHERE body_id = $body AND year = $year AND indicator = $indicator AND applicant = $applicant
ORDER BY basis
