-- One row per indicator, with the names by which a user may ask for it.
SELECT indicator, zh, en, unit
FROM indicators
ORDER BY position
