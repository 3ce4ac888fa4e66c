-- One row per body with members in $bodies and indicator: the years, the compiled totals, and whether the reported ones agree.
SELECT
    c.body_id, i.position, list(c.year ORDER BY c.year) AS years,
    list(CAST(c.compiled AS DOUBLE) ORDER BY c.year) AS "values",
    list(c.compiled_provenance ORDER BY c.year) AS provenances,
    list(c.members_counted ORDER BY c.year) AS members_counted,
    list(c.status ORDER BY c.year) AS agreements,
    list(c.in_doubt ORDER BY c.year) AS doubts
FROM compiled AS c
INNER JOIN indicators AS i ON i.indicator = c.indicator
WHERE c.applicant = 'total' AND c.body_id IN (SELECT unnest($bodies))
GROUP BY ALL
ORDER BY ALL
