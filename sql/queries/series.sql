-- 一个机关一项指标的历年数字，标明表式和口径变化（-p body=… -p indicator=…） / a series over the years, with the form of each
SELECT
    o.year, b.name AS body, o.indicator, o.applicant, o.value, o.unit, o.obs_status, r.form,
    r.form <> lag(r.form) OVER (PARTITION BY o.body_id, o.indicator, o.applicant ORDER BY o.year) AS form_changed,
    o.provenance, o.report_id, o.cell
FROM observations AS o
INNER JOIN bodies AS b ON b.body_id = o.body_id
INNER JOIN reports AS r ON r.report_id = o.report_id
WHERE
    ($body IS NULL OR o.body_id = $body OR b.name = $body)
    AND o.indicator = coalesce($indicator, 'applications.new')
    AND o.applicant = 'total'
ORDER BY o.body_id, o.year
