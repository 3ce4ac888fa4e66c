-- One row per level of bodies.
SELECT DISTINCT level AS id, level AS zh, level AS en, CASE WHEN level = 'city' THEN 'prefecture' END AS aliases
FROM bodies
ORDER BY id
