-- 每个应报机关每年报了没有（-p body=本机关及其成员 -p year=…） / who should report, and who did
SELECT c.year, p.name AS parent, c.body_id, c.body, c.level, c.status, c.note, c.report_id, c.provenance
FROM coverage AS c
LEFT JOIN bodies AS p ON p.body_id = c.parent
WHERE
    ($body IS NULL OR c.parent = $body OR c.body_id = $body)
    AND ($year IS NULL OR c.year = CAST($year AS INTEGER))
ORDER BY c.year, c.parent IS NOT DISTINCT FROM $body, c.parent, c.body_id
