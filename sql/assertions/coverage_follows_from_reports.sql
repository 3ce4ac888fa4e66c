-- One row per member and year that `coverage` lacks, or shows with another status or report than `reports`.
-- Severity: error.
WITH best AS (
    SELECT
        body_id, year,
        if(bool_or(status = 'loaded'), 'loaded', 'quarantined') AS status,
        list(report_id) AS report_ids
    FROM reports
    WHERE body_id IS NOT NULL
    GROUP BY body_id, year
)

SELECT
    coalesce(c.city_id, m.city_id) AS city_id,
    coalesce(c.body_id, m.body_id) AS body_id,
    coalesce(c.year, m.year) AS year,
    c.status, c.report_id, b.status AS status_of_report
FROM coverage AS c
FULL JOIN due_members AS m ON m.city_id = c.city_id AND m.body_id = c.body_id AND m.year = c.year
LEFT JOIN best AS b ON b.body_id = m.body_id AND b.year = m.year
LEFT JOIN reports AS r ON r.report_id = c.report_id
WHERE
    c.city_id IS NULL
    OR m.city_id IS NULL
    OR c.status <> coalesce(b.status, 'absent')
    OR r.status IS DISTINCT FROM b.status
    OR NOT coalesce(list_contains(b.report_ids, c.report_id), c.report_id IS NULL)
