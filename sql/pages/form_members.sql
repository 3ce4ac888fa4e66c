-- One row per member of $body: whether it reported on $year, why its report is set aside, and whether reports of its own
-- members count instead.
SELECT
    d.body_id, d.body, d.status, d.report_id, r.path, r.reason_zh, r.reason_en,
    d.status <> 'loaded' AND d.body_id IN (
        SELECT member FROM contributors WHERE body_id = $body AND year = $year AND member <> contributor
    )
        AS is_substituted
FROM due AS d
LEFT JOIN reports AS r ON r.report_id = d.report_id AND r.year = d.year
WHERE d.parent = $body AND d.year = $year
ORDER BY d.body_id
