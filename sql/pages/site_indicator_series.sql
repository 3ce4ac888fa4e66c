-- One row per indicator and body with members: the years, compiled and reported totals and their provenances.
SELECT
    i.position, c.body_id, list(c.year ORDER BY c.year) AS years,
    list(CAST(c.compiled AS DOUBLE) ORDER BY c.year) AS compiled,
    list(c.compiled_provenance ORDER BY c.year) AS compiled_provenances,
    list(CAST(c.reported AS DOUBLE) ORDER BY c.year) AS reported,
    list(c.reported_provenance ORDER BY c.year) AS reported_provenances
FROM compiled AS c
INNER JOIN indicators AS i ON i.indicator = c.indicator
WHERE c.applicant = 'total'
GROUP BY ALL
ORDER BY ALL
