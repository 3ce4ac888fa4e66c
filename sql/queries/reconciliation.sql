-- 各市汇总与上报核对总表 / compiled against reported, by city and year
SELECT * FROM reconciliation ORDER BY year, body_id
