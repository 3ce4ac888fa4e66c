-- One row per rate, with its names.
SELECT rate AS id, first(zh ORDER BY position) AS zh, first(en ORDER BY position) AS en
FROM rate_terms
GROUP BY rate
ORDER BY min(position)
