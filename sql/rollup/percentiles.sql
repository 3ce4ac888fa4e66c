-- One row per body, year, measure (the total of an indicator, or a rate) and peer group: the rank of the body.
-- Peers are the bodies of one level below the same city, province or nation; a group of fewer than 5 is not ranked.
WITH RECURSIVE measured AS (
    SELECT
        body_id, year, indicator AS measure, 'indicator' AS kind, value,
        CASE WHEN in_doubt IS NULL THEN 0 ELSE 1 END AS doubts,
        provenance
    FROM observations
    WHERE applicant = 'total' AND value IS NOT NULL
    UNION ALL
    SELECT body_id, year, rate, 'rate', CAST(percent AS DECIMAL(18, 6)), in_doubt, provenance
    FROM rates
    WHERE basis = 'reported' AND percent IS NOT NULL
),

ancestors AS (
    SELECT body_id, level, parent AS ancestor
    FROM bodies
    WHERE parent IS NOT NULL
    UNION ALL
    SELECT a.body_id, a.level, b.parent
    FROM ancestors AS a
    INNER JOIN bodies AS b ON b.body_id = a.ancestor AND b.parent IS NOT NULL
),

peers AS (
    SELECT
        m.body_id, m.year, m.measure, m.kind, m.value, m.doubts, m.provenance, concat(a.ancestor, '/', a.level) AS peer_group
    FROM measured AS m
    INNER JOIN ancestors AS a ON a.body_id = m.body_id
),

ranked AS (
    SELECT
        body_id, year, measure, kind, peer_group, value, doubts, provenance,
        count(*) OVER (PARTITION BY peer_group, year, measure) AS n,
        rank() OVER (PARTITION BY peer_group, year, measure ORDER BY value DESC) AS place
    FROM peers
)

SELECT
    body_id, year, measure, kind, peer_group, value, n, place,
    -- The percentage of the group with this value or less: all but the bodies with a better rank.
    CASE WHEN n >= 5 THEN CAST(round(100e0 * (n - place + 1) / n, 4) AS DECIMAL(18, 4)) END AS percentile,
    CAST(doubts AS BIGINT) AS in_doubt,
    provenance
FROM ranked
