-- 城市汇总数与上报数并列，含增长率 / compiled next to reported, with growth (-p region_code=411200 -p year=2019)
SELECT
    h.year, h.body, CASE WHEN $lang = 'en' THEN h.en ELSE h.zh END AS indicator, h.unit,
    h.compiled, h.compiled_provenance,
    CAST(h.compiled_growth AS DECIMAL(18, 1)) AS compiled_growth,
    h.members_counted, h.members_expected,
    h.reported, h.reported_provenance,
    CAST(h.reported_growth AS DECIMAL(18, 1)) AS reported_growth,
    h.difference
FROM headline AS h
INNER JOIN indicators AS i ON i.indicator = h.indicator
WHERE
    ($region_code IS NULL OR h.body_id = $region_code)
    AND ($year IS NULL OR h.year = CAST($year AS INTEGER))
ORDER BY h.body_id, h.year, i.position
