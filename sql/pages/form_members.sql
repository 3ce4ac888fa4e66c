-- One row per member of the city $body: whether its report of $year is loaded.
SELECT body_id, body, status
FROM coverage
WHERE city_id = $body AND year = $year
ORDER BY body_id
