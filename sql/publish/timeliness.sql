-- One row per loaded report of a body with a known or unknown date of publication: was it published in time.
SELECT
    r.body_id, b.name AS body, b.level, b.parent, b.city, b.province, r.year, r.published_on,
    make_date(r.year + 1, d.month, d.day) AS deadline,
    r.published_on - make_date(r.year + 1, d.month, d.day) AS days_late,
    CASE
        WHEN r.published_on IS NULL OR d.day IS NULL THEN 'unknown'
        WHEN r.published_on > make_date(r.year + 1, d.month, d.day) THEN 'late'
        ELSE 'in_time'
    END AS timeliness,
    r.collected_on, r.vanished_on, r.supersedes, r.url, r.report_id, r.provenance, d.source
FROM reports AS r
INNER JOIN bodies AS b ON b.body_id = r.body_id
LEFT JOIN deadlines AS d
    ON d.level = b.level AND r.year >= d.first_year AND (d.last_year IS NULL OR r.year <= d.last_year)
WHERE r.status = 'loaded'
