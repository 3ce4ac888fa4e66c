-- 汇总数与上报数并列，含增长率（-p body=… -p year=… -p level=…，默认各市） / compiled next to reported, with growth
SELECT
    h.year, h.body, CASE WHEN $lang = 'en' THEN h.en ELSE h.zh END AS indicator, h.unit,
    h.compiled, h.compiled_provenance,
    CAST(h.compiled_growth AS DECIMAL(18, 1)) AS compiled_growth,
    h.members_counted, h.members_expected,
    h.reported, h.reported_provenance,
    CAST(h.reported_growth AS DECIMAL(18, 1)) AS reported_growth,
    h.difference, h.members_substituted, h.in_doubt, h.implied
FROM headline AS h
INNER JOIN indicators AS i ON i.indicator = h.indicator
WHERE
    CASE WHEN $body IS NULL THEN h.level = coalesce($level, 'city') ELSE h.body_id = $body END
    AND ($year IS NULL OR h.year = CAST($year AS INTEGER))
ORDER BY h.body_id, h.year, i.position
