-- One row per report whose level, region or parent is not that of its body.
-- Severity: error.
SELECT r.report_id, r.body_id, r.level, b.level AS level_of_body, r.region_code, b.region_code AS region_of_body, r.parent,
    b.parent AS parent_of_body
FROM reports AS r
INNER JOIN bodies AS b ON b.body_id = r.body_id
WHERE
    r.level IS DISTINCT FROM b.level
    OR r.region_code IS DISTINCT FROM b.region_code
    OR r.parent IS DISTINCT FROM b.parent
