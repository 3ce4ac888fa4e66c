-- 应报未报的机关（-p year=… -p region_code=…） / bodies expected that did not report
SELECT c.year, city.name AS city, c.body_id, c.body, c.level, c.status, c.note
FROM coverage AS c
INNER JOIN bodies AS city ON city.body_id = c.city_id
WHERE c.status <> 'loaded'
    AND ($year IS NULL OR c.year = CAST($year AS INTEGER))
    AND ($region_code IS NULL OR c.city_id = $region_code)
ORDER BY c.year, c.city_id, c.body_id
