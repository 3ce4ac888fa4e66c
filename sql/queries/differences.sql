-- 汇总数与本级上报数不等的指标（-p body=… -p year=…） / figures where the members do not add up to the body's own
SELECT
    c.year, c.body, CASE WHEN $lang = 'en' THEN i.en ELSE i.zh END AS indicator, c.applicant, c.unit, c.compiled,
    c.reported, c.difference, c.status, c.in_doubt, c.members_counted, c.members_substituted, c.members_expected,
    c.members_missing, c.compiled_provenance
FROM compiled AS c
INNER JOIN indicators AS i ON i.indicator = c.indicator
WHERE
    -- `members_missing` is also the status of equal figures.
    c.status IN ('differs', 'members_missing')
    AND c.difference <> 0
    AND CASE WHEN $body IS NULL THEN c.level = 'city' ELSE c.body_id = $body END
    AND ($year IS NULL OR c.year = CAST($year AS INTEGER))
ORDER BY c.year, c.body_id, i.position, c.applicant
