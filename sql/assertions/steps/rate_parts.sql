-- One row per body, year and rate whose terms it reports: numerator and denominator, null if a term is unknown.
WITH parts AS (
    SELECT
        o.body_id, o.year, t.rate, t.part,
        list(o.provenance)[1] AS provenance,
        max(o.series) AS series,
        CASE WHEN count(o.value) = (SELECT count(*) FROM rate_terms AS x WHERE x.rate = t.rate AND x.part = t.part)
            THEN sum(o.value * t.sign) END AS value
    FROM rate_terms AS t
    INNER JOIN observations AS o ON o.indicator = t.indicator AND o.applicant = 'total'
    GROUP BY o.body_id, o.year, t.rate, t.part
)

SELECT
    body_id, year, rate,
    max(provenance) AS provenance,
    max(series) AS series,
    max(value) FILTER (WHERE part = 'numerator') AS numerator,
    max(value) FILTER (WHERE part = 'denominator') AS denominator
FROM parts
GROUP BY body_id, year, rate
HAVING count(*) = 2
