-- One row per body with another city or province than its level and its parent give.
-- Severity: error.
WITH expected AS (
    SELECT
        b.body_id, b.level, b.city, b.province,
        if(b.level = 'city', b.body_id, p.city) AS own_city,
        -- A municipality is the city and the province of its districts.
        if(b.level = 'province' OR (b.level = 'city' AND p.level = 'nation'), b.body_id, p.province) AS own_province
    FROM bodies AS b
    LEFT JOIN bodies AS p ON p.body_id = b.parent
)

SELECT body_id, level, city, own_city, province, own_province
FROM expected
WHERE city IS DISTINCT FROM own_city OR province IS DISTINCT FROM own_province
