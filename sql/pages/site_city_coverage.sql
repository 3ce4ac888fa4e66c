-- One row per city and year: how many reports of members are expected, and how many are loaded.
SELECT city_id AS city, year, count(*) AS expected, count(*) FILTER (status = 'loaded') AS loaded
FROM coverage
GROUP BY city_id, year
