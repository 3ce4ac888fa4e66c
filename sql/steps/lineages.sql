-- One row per body with members, year and lineage below it: how many of its bodies should report, and how many did.
-- A lineage is a set of bodies that replaced, absorbed or left one another.
SELECT
    body_id, year, lineage,
    count(*) AS expected,
    count(CASE WHEN status = 'loaded' THEN 1 END) AS loaded,
    bool_or(existed_before) AS existed_before,
    bool_or(exists_after) AS exists_after
FROM descendants
GROUP BY body_id, year, lineage
