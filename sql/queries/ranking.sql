-- 同类机关排名和百分位，至少 5 个机关才排（-p measure=指标或比率 -p year=… -p group=…） / rank among peers
SELECT
    p.year, p.peer_group, p.place, b.name AS body, p.measure, p.value, p.percentile, p.n, p.provenance
FROM percentiles AS p
INNER JOIN bodies AS b ON b.body_id = p.body_id
WHERE
    p.measure = coalesce($measure, 'disclosed.items')
    AND ($year IS NULL OR p.year = CAST($year AS INTEGER))
    AND p.peer_group = coalesce($group, p.peer_group)
    AND p.n >= 5
ORDER BY p.year, p.peer_group, p.place, p.body_id
