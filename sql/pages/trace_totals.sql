-- One row per row of city_year and basis that a body's figure is part of: as a member's, or as the city's own.
SELECT c.*, 'compiled' AS basis
FROM city_year AS c
INNER JOIN coverage AS m ON m.city_id = c.body_id AND m.year = c.year AND m.status = 'loaded'
WHERE
    m.body_id = $body AND c.year = $year AND c.indicator = $indicator AND c.applicant = $applicant
    AND c.compiled IS NOT NULL
UNION ALL
SELECT c.*, 'reported'
FROM city_year AS c
WHERE
    c.body_id = $body AND c.year = $year AND c.indicator = $indicator AND c.applicant = $applicant
    AND c.reported IS NOT NULL
