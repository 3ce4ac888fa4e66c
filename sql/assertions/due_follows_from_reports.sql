-- One row per body and year that `due` lacks, or shows with another status or report than `reports`.
-- Severity: error.
WITH best AS (
    SELECT
        body_id, year,
        CASE WHEN bool_or(status = 'loaded') THEN 'loaded' WHEN bool_or(status = 'blank') THEN 'blank' ELSE 'quarantined' END
            AS status,
        list(report_id) AS report_ids
    FROM reports
    WHERE body_id IS NOT NULL
    GROUP BY body_id, year
)

SELECT
    coalesce(d.body_id, m.body_id) AS body_id,
    coalesce(d.year, m.year) AS year,
    d.parent, d.status, d.report_id, b.status AS status_of_report
FROM due AS d
FULL JOIN due_bodies AS m ON m.body_id = d.body_id AND m.year = d.year
LEFT JOIN best AS b ON b.body_id = m.body_id AND b.year = m.year
LEFT JOIN reports AS r ON r.report_id = d.report_id
WHERE
    d.body_id IS NULL
    OR m.body_id IS NULL
    OR d.status <> coalesce(b.status, 'absent')
    OR r.status IS DISTINCT FROM b.status
    OR NOT coalesce(list_contains(b.report_ids, d.report_id), d.report_id IS NULL)
