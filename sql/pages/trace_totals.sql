-- One row per row of `compiled` and basis that a body's figure is part of: in a sum, or as the body's own figure.
SELECT c.*, 'compiled' AS basis
FROM compiled AS c
INNER JOIN contributors AS m ON m.body_id = c.body_id AND m.year = c.year
WHERE
    m.contributor = $body AND c.year = $year AND c.indicator = $indicator AND c.applicant = $applicant
    AND c.compiled IS NOT NULL
UNION ALL
SELECT c.*, 'reported'
FROM compiled AS c
WHERE
    c.body_id = $body AND c.year = $year AND c.indicator = $indicator AND c.applicant = $applicant
    AND c.reported IS NOT NULL
