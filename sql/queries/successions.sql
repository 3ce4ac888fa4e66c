-- 机关的更名、合并、拆分（-p body=…） / bodies renamed, merged and split
SELECT s.year, a.name AS body, s.kind, b.name AS successor, s.note
FROM successions AS s
INNER JOIN bodies AS a ON a.body_id = s.body_id
INNER JOIN bodies AS b ON b.body_id = s.successor
WHERE $body IS NULL OR s.body_id = $body OR s.successor = $body
ORDER BY s.year, s.body_id
