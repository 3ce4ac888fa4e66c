-- One row per body in $bodies, basis and rate: the years, percents, numerators and denominators.
SELECT
    body_id, basis, rate, list(year ORDER BY year) AS years, list(CAST(percent AS DOUBLE) ORDER BY year) AS percents,
    list(CAST(numerator AS DOUBLE) ORDER BY year) AS numerators,
    list(CAST(denominator AS DOUBLE) ORDER BY year) AS denominators,
    list(provenance ORDER BY year) AS provenances
FROM rates
WHERE body_id IN (SELECT unnest($bodies))
GROUP BY ALL
ORDER BY ALL
