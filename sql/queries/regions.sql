-- 区划代码：某年某名称的代码及上级（-p name=… -p year=…） / region codes by name and year
SELECT r.code, r.name, r.level, p.name AS parent_name, r.parent, r.first_year, r.last_year
FROM regions AS r
LEFT JOIN regions AS p
    ON p.code = r.parent
    AND p.first_year <= coalesce(CAST($year AS INTEGER), coalesce(r.last_year, 9999))
    AND coalesce(p.last_year, 9999) >= coalesce(CAST($year AS INTEGER), coalesce(r.last_year, 9999))
WHERE
    r.name LIKE concat(coalesce($name, '三门峡市'), '%')
    AND ($year IS NULL OR (r.first_year <= CAST($year AS INTEGER) AND coalesce(r.last_year, 9999) >= CAST($year AS INTEGER)))
ORDER BY r.code, r.first_year
