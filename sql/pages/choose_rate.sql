-- One row per rate, with the names by which a user may ask for it.
SELECT rate AS id, any_value(zh) AS zh, any_value(en) AS en, NULL AS aliases
FROM rate_terms
GROUP BY rate
ORDER BY min(position)
