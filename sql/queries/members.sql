-- 某市各成员机关的一项指标 / one indicator by member (-p region_code=411200 -p year=2019 -p indicator=applications.new)
SELECT o.year, b.name AS body, b.level, o.indicator, o.value, o.unit, o.obs_status, o.provenance, o.report_id, o.cell
FROM observations AS o
INNER JOIN bodies AS b ON b.body_id = o.body_id
WHERE
    b.parent IS NOT NULL
    AND o.applicant = 'total'
    AND ($region_code IS NULL OR b.parent = $region_code)
    AND ($year IS NULL OR o.year = CAST($year AS INTEGER))
    AND o.indicator = coalesce($indicator, 'disclosed.items')
ORDER BY o.year, o.value DESC, o.body_id
