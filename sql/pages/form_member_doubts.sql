-- One row per figure in doubt in the compiled figures of $body. Each once.
SELECT DISTINCT o.body_id, b.name AS body, b.position, o.report_id, r.form, o.cell, o.in_doubt, o.value, o.implied
FROM observations AS o
INNER JOIN contributors AS c ON c.contributor = o.body_id AND c.year = o.year
INNER JOIN bodies AS b ON b.body_id = o.body_id
INNER JOIN reports AS r ON r.report_id = o.report_id AND r.year = o.year
WHERE c.body_id = $body AND c.year = $year AND o.in_doubt IS NOT NULL AND o.total_id IS NOT NULL
ORDER BY b.position, o.body_id, o.cell, o.value
