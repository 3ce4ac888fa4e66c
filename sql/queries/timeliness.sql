-- 各地年度报告按时公布的比例（-p body=本机关及其成员 -p year=…） / share of reports published in time
SELECT
    t.year, p.name AS parent, count(*) AS reports,
    count(*) FILTER (WHERE t.timeliness = 'in_time') AS in_time,
    count(*) FILTER (WHERE t.timeliness = 'late') AS late,
    count(*) FILTER (WHERE t.timeliness = 'unknown') AS unknown,
    round(
        100.0 * count(*) FILTER (WHERE t.timeliness = 'in_time')
        / nullif(count(*) FILTER (WHERE t.timeliness <> 'unknown'), 0), 1
    ) AS percent_in_time,
    CASE WHEN bool_or(t.provenance = 'simulated') THEN 'simulated' ELSE min(t.provenance) END AS provenance
FROM timeliness AS t
LEFT JOIN bodies AS p ON p.body_id = t.parent
WHERE
    ($body IS NULL OR t.parent = $body OR t.body_id = $body)
    AND ($year IS NULL OR t.year = CAST($year AS INTEGER))
GROUP BY t.year, t.parent, p.name
ORDER BY t.year, t.parent
