-- 汇总数由哪些机关的数相加（-p body=… -p year=… -p indicator=…） / the figures that a compiled figure sums up
SELECT
    o.year, p.name AS parent, m.name AS member, b.name AS body, b.level, o.indicator, o.value, o.unit, o.obs_status,
    o.in_doubt, o.implied, o.provenance, o.report_id, o.cell
FROM contributors AS c
INNER JOIN observations AS o ON o.body_id = c.contributor AND o.year = c.year
INNER JOIN bodies AS p ON p.body_id = c.body_id
INNER JOIN bodies AS m ON m.body_id = c.member
INNER JOIN bodies AS b ON b.body_id = c.contributor
WHERE
    o.applicant = 'total'
    AND o.indicator = coalesce($indicator, 'disclosed.items')
    AND CASE WHEN $body IS NULL THEN p.level = 'city' ELSE c.body_id = $body END
    AND ($year IS NULL OR o.year = CAST($year AS INTEGER))
ORDER BY o.year, c.body_id, o.value DESC, o.body_id
