-- 各级汇总与上报核对总表（-p body=… -p year=…） / compiled against reported, by body with members and year
SELECT *
FROM reconciliation
WHERE ($body IS NULL OR body_id = $body) AND ($year IS NULL OR year = CAST($year AS INTEGER))
ORDER BY year, body_id
