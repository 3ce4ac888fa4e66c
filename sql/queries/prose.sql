-- 正文里的数字及其口径（-p body=… -p year=…） / figures of the prose and what they count
SELECT r.year, r.body, f."row", f.value, f.approximate, f.scope, f.named_body, f.raw, f.page, f.provenance
FROM figures AS f
INNER JOIN reports AS r ON r.report_id = f.report_id
WHERE ($body IS NULL OR r.body_id = $body) AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
ORDER BY r.year, r.body_id, f.paragraph, f.start, f."row"
