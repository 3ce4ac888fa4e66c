-- One row per value of a peer group with a place, number of peers or percentile that the values of the group contradict.
-- Severity: error.
WITH tied AS (
    SELECT
        peer_group, year, measure, value,
        count(*) AS bodies,
        min(n) AS least_n, max(n) AS greatest_n,
        min(place) AS least_place, max(place) AS greatest_place,
        min(percentile) AS percentile, max(percentile) AS greatest_percentile,
        count(percentile) AS ranked
    FROM percentiles
    GROUP BY peer_group, year, measure, value
),

counted AS (
    SELECT
        peer_group, year, measure, value, bodies, least_n, greatest_n, least_place, greatest_place, percentile,
        greatest_percentile, ranked,
        sum(bodies) OVER (PARTITION BY peer_group, year, measure) AS peers,
        sum(bodies) OVER (PARTITION BY peer_group, year, measure ORDER BY value) AS not_greater
    FROM tied
)

SELECT peer_group, year, measure, value, least_place, greatest_place, least_n AS n, percentile, peers
FROM counted
WHERE
    least_n <> peers
    OR greatest_n <> peers
    OR least_place <> peers - not_greater + 1
    OR greatest_place <> peers - not_greater + 1
    OR least_place NOT BETWEEN 1 AND peers
    OR ranked <> if(peers >= 5, bodies, 0)
    OR percentile <> greatest_percentile
    OR abs(percentile - 100e0 * not_greater / peers) > 0.0001
