-- One row per indicator, with its names and unit.
SELECT indicator AS id, zh, en, unit
FROM indicators
ORDER BY position
