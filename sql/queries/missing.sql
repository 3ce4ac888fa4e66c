-- 应报未报的机关，含本级和整年没报的（-p body=本机关及其成员 -p year=…） / bodies expected that did not report
SELECT c.year, p.name AS parent, c.body_id, c.body, c.level, c.status, c.note
FROM coverage AS c
LEFT JOIN bodies AS p ON p.body_id = c.parent
WHERE
    c.status <> 'loaded'
    AND ($body IS NULL OR c.parent = $body OR c.body_id = $body)
    AND ($year IS NULL OR c.year = CAST($year AS INTEGER))
ORDER BY c.year, c.parent, c.body_id
