-- 同类机关排名，比率带分母和 95 % 区间，分母不足 10 的不排（-p measure=指标或比率 -p year=… -p body=上级 -p level=…） / rank among peers
WITH measured AS (
    SELECT
        p.*, r.numerator, r.denominator, r.percent / 100e0 AS share, split_part(p.peer_group, '/', 1) AS parent,
        split_part(p.peer_group, '/', 2) AS level
    FROM percentiles AS p
    LEFT JOIN rates AS r ON r.body_id = p.body_id AND r.basis = 'reported' AND r.year = p.year AND r.rate = p.measure
    WHERE p.measure = coalesce($measure, 'disclosed.items') AND (p.kind = 'indicator' OR r.denominator >= 10)
)

SELECT
    m.year, m.peer_group, rank() OVER (PARTITION BY m.peer_group, m.year ORDER BY m.value DESC) AS place,
    b.name AS body, m.measure, m.value, m.numerator, m.denominator,
    -- The interval of Wilson (1927) for a share; 1.96 is the normal quantile for 95 %.
    CASE WHEN m.share <= 1 THEN CAST(round(100e0 * (
        m.share + 1.9208 / m.denominator - 1.96 * sqrt(m.share * (1 - m.share) / m.denominator + 0.9604 / m.denominator ** 2)
    ) / (1 + 3.8416 / m.denominator), 2) AS DECIMAL(18, 2)) END AS low,
    CASE WHEN m.share <= 1 THEN CAST(round(100e0 * (
        m.share + 1.9208 / m.denominator + 1.96 * sqrt(m.share * (1 - m.share) / m.denominator + 0.9604 / m.denominator ** 2)
    ) / (1 + 3.8416 / m.denominator), 2) AS DECIMAL(18, 2)) END AS high,
    count(*) OVER (PARTITION BY m.peer_group, m.year) AS n, m.in_doubt, m.provenance
FROM measured AS m
INNER JOIN bodies AS b ON b.body_id = m.body_id
WHERE
    ($year IS NULL OR m.year = CAST($year AS INTEGER))
    AND ($body IS NULL OR m.parent = $body)
    AND ($level IS NULL OR m.level = $level)
-- Not `n`: that is `percentiles.n` here, which also counts the bodies with a small denominator.
QUALIFY count(*) OVER (PARTITION BY m.peer_group, m.year) >= 5
ORDER BY m.year, m.peer_group, place, m.body_id
