-- 年度衔接：本年的上年结转与上年报告的结转下年，及差额（-p body=… -p year=…） / do the years join
SELECT
    c.year, b.name AS body, c.applicant, c.carried_out_before, c.carried_in, c.gap, c.new, c.handled, c.carried_out,
    c.provenance
FROM carry AS c
INNER JOIN bodies AS b ON b.body_id = c.body_id
WHERE
    c.applicant = 'total'
    AND ($body IS NULL OR c.body_id = $body)
    AND ($year IS NULL OR c.year = CAST($year AS INTEGER))
ORDER BY c.body_id, c.year
