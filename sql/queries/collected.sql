-- 采自网站的报告：网址、发布和采集日期、网页是否还在（-p body=… -p year=…） / reports collected from websites
SELECT
    b.name AS body, r.year, r.published_on, r.collected_on, r.vanished_on, r.supersedes, r.url, r.path, r.provenance
FROM reports AS r
INNER JOIN bodies AS b ON b.body_id = r.body_id
WHERE
    r.url IS NOT NULL
    AND ($body IS NULL OR b.parent = $body OR b.body_id = $body)
    AND ($year IS NULL OR r.year = CAST($year AS INTEGER))
ORDER BY b.body_id, r.year, r.path
