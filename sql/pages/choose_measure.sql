-- One row per indicator and rate, with the names by which a user may ask for it.
SELECT indicator AS id, zh, en, NULL AS aliases
FROM indicators
UNION
SELECT rate, zh, en, NULL
FROM rate_terms
ORDER BY id
