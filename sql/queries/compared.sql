-- 年度报告与其他种类的报告共有的数及其差额（-p body=… -p year=…） / figures that both the annual report and another kind give
SELECT
    c.body, c.year, CASE WHEN $lang = 'en' THEN c.en ELSE c.zh END AS label, c.known, c.quarters,
    c.annual_indicator, c.annual_value, c.difference, c.annual_report, c.provenance
FROM kind_comparison AS c
WHERE ($body IS NULL OR c.body_id = $body) AND ($year IS NULL OR c.year = CAST($year AS INTEGER))
ORDER BY c.body_id, c.year, c."table", c.indicator, c.series
