-- One row per department with another function than departments of other places with its name, or body with a function.
-- Severity: error.
WITH named AS (
    SELECT b.body_id, b.level, b.function, replace(b.name, replace(p.name, '人民政府', ''), '') AS name_without_place
    FROM bodies AS b
    INNER JOIN bodies AS p ON p.body_id = b.parent
),

functions AS (
    SELECT name_without_place, min(function) AS function
    FROM named
    WHERE level = 'department'
    GROUP BY name_without_place
    HAVING count(DISTINCT coalesce(function, '')) > 1
)

SELECT n.body_id, n.level, n.function, n.name_without_place
FROM named AS n
LEFT JOIN functions AS f ON f.name_without_place = n.name_without_place
WHERE if(n.level = 'department', f.name_without_place IS NOT NULL, n.function IS NOT NULL)
