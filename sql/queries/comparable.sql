-- 各版表式的单元格对应哪个指标，不可比的说明原因（-p indicator=…） / which cells make an indicator, what has no counterpart
SELECT
    x.indicator, CASE WHEN $lang = 'en' THEN i.en ELSE i.zh END AS name, x.form, x."table", x."row", x."column",
    x.series, x.relation, x.note
FROM crosswalk AS x
LEFT JOIN indicators AS i ON i.indicator = x.indicator
WHERE $indicator IS NULL OR x.indicator = $indicator
ORDER BY i.position NULLS LAST, x.form, x.position
