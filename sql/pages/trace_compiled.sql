-- One row: the compiled and the reported figure of a city.
SELECT *
FROM city_year
WHERE body_id = $body AND year = $year AND indicator = $indicator AND applicant = $applicant
