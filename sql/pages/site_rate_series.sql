-- One row per body in $bodies, basis and rate: the years, percents, numerators and denominators. All lists have the
-- same order, which is not that of the years.
SELECT
    body_id, basis, rate, list(year) AS years, list(CAST(percent AS DOUBLE)) AS percents,
    list(CAST(numerator AS DOUBLE)) AS numerators, list(CAST(denominator AS DOUBLE)) AS denominators,
    list(provenance) AS provenances
FROM rates
WHERE body_id IN (SELECT unnest($bodies))
GROUP BY ALL
ORDER BY body_id, basis, rate
