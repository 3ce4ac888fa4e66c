-- 超过期限才公布的报告（-p body=本机关及其成员 -p year=…） / reports published after their deadline
SELECT t.year, p.name AS parent, t.body, t.level, t.published_on, t.deadline, t.days_late, t.url, t.provenance
FROM timeliness AS t
LEFT JOIN bodies AS p ON p.body_id = t.parent
WHERE
    t.timeliness = 'late'
    AND ($body IS NULL OR t.parent = $body OR t.body_id = $body)
    AND ($year IS NULL OR t.year = CAST($year AS INTEGER))
ORDER BY t.days_late DESC, t.year, t.body_id
