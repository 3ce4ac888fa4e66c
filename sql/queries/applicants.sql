-- 谁在申请：六类申请人的新收申请（-p body=… -p year=…） / who applies
SELECT o.year, b.name AS body, o.applicant, o.value, o.provenance
FROM observations AS o
INNER JOIN bodies AS b ON b.body_id = o.body_id
WHERE
    o.indicator = 'applications.new'
    AND (b.parent IS NULL OR $body IS NOT NULL)
    AND ($body IS NULL OR o.body_id = $body OR b.name = $body)
    AND ($year IS NULL OR o.year = CAST($year AS INTEGER))
ORDER BY o.body_id, o.year, o.value DESC, o.applicant
