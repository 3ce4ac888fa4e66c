-- One row per indicator, with the names by which a user may ask for it.
SELECT indicator AS id, zh, en, NULL AS aliases, unit
FROM indicators
ORDER BY position
