-- One row per body, year, measure (the total of an indicator, or a rate) and peer group: the rank of the body.
-- Peers are the bodies of one level in a city, and those in a province; a group of fewer than 5 is not ranked.
WITH measured AS (
    SELECT body_id, year, indicator AS measure, 'indicator' AS kind, value, provenance
    FROM observations
    WHERE applicant = 'total' AND value IS NOT NULL
    UNION ALL
    SELECT body_id, year, rate, 'rate', CAST(percent AS DECIMAL(18, 6)), provenance
    FROM rates
    WHERE basis = 'reported' AND percent IS NOT NULL
),

peers AS (
    SELECT m.body_id, m.year, m.measure, m.kind, m.value, m.provenance, concat(substr(b.region_code, 1, 2), '/', b.level) AS peer_group
    FROM measured AS m
    INNER JOIN bodies AS b ON b.body_id = m.body_id
    UNION ALL
    SELECT m.body_id, m.year, m.measure, m.kind, m.value, m.provenance, concat(b.parent, '/', b.level)
    FROM measured AS m
    INNER JOIN bodies AS b ON b.body_id = m.body_id AND b.parent IS NOT NULL
),

ranked AS (
    SELECT
        body_id, year, measure, kind, peer_group, value, provenance,
        count(*) OVER (PARTITION BY peer_group, year, measure) AS n,
        rank() OVER (PARTITION BY peer_group, year, measure ORDER BY value DESC) AS place
    FROM peers
)

SELECT
    body_id, year, measure, kind, peer_group, value, n, place,
    -- The percentage of the group with this value or less: all but the bodies with a better rank.
    CASE WHEN n >= 5 THEN CAST(round(100e0 * (n - place + 1) / n, 4) AS DECIMAL(18, 4)) END AS percentile,
    provenance
FROM ranked
