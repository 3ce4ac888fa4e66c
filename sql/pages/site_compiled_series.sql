-- One row per body with members in $bodies and indicator: the years, the compiled totals, and whether the reported ones
-- agree. All lists have the same order, which is not that of the years.
SELECT
    c.body_id, i.position, list(c.year) AS years, list(CAST(c.compiled AS DOUBLE)) AS "values",
    list(c.compiled_provenance) AS provenances, list(c.members_counted) AS members_counted, list(c.status) AS agreements,
    list(c.in_doubt) AS doubts
FROM compiled AS c
INNER JOIN indicators AS i ON i.indicator = c.indicator
WHERE c.applicant = 'total' AND c.body_id IN (SELECT unnest($bodies))
GROUP BY ALL
ORDER BY c.body_id, i.position
