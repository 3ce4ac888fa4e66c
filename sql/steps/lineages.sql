-- One row per city, year and lineage: how many of its bodies should report, and how many reports are loaded.
-- A lineage is a set of bodies that replaced, absorbed or left one another.
SELECT
    city_id, year, lineage,
    count(*) AS expected,
    count(CASE WHEN status = 'loaded' THEN 1 END) AS loaded,
    bool_or(existed_before) AS existed_before,
    bool_or(exists_after) AS exists_after
FROM coverage
GROUP BY city_id, year, lineage
