-- 各地一项指标：本级上报数，没有的用成员之和（-p level=nation|province|prefecture|county -p indicator=… -p year=…） / one figure per place
SELECT
    v.year, v.region_code, v.region, v.level, v.indicator, v.value, v.unit, v.basis, v.members_counted, v.members_expected,
    v.in_doubt, v.population, v.per_100k, v.provenance
FROM region_year AS v
WHERE
    v.applicant = 'total'
    AND v.indicator = coalesce($indicator, 'applications.new')
    AND ($level IS NULL OR v.level = CASE WHEN $level = 'city' THEN 'prefecture' ELSE $level END)
    AND ($year IS NULL OR v.year = CAST($year AS INTEGER))
ORDER BY v.year, v.region_code
