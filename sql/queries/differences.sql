-- 汇总数与市里上报数不等的指标（-p body=… -p year=…） / figures where the members do not add up to the city
SELECT
    c.year, c.body, CASE WHEN $lang = 'en' THEN i.en ELSE i.zh END AS indicator, c.applicant, c.compiled, c.reported,
    c.difference, c.status, c.members_counted, c.members_expected, c.members_missing, c.compiled_provenance
FROM city_year AS c
INNER JOIN indicators AS i ON i.indicator = c.indicator
WHERE
    c.status IN ('differs', 'members_missing')
    AND ($body IS NULL OR c.body_id = $body)
    AND ($year IS NULL OR c.year = CAST($year AS INTEGER))
ORDER BY c.year, c.body_id, i.position, c.applicant
