-- One row per indicator of annual reports and row of other kinds of report, with the names by which a user may ask for it.
SELECT indicator AS id, zh, en, NULL AS aliases, 0 AS is_other, position
FROM indicators
UNION
SELECT "row", zh, en, NULL, 1, min(position)
FROM kind_rows
GROUP BY "row", zh, en
ORDER BY is_other, position, id
