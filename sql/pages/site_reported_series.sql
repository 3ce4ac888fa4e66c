-- One row per body in $bodies and indicator: the years, values and statuses of its own totals.
SELECT
    o.body_id, i.position, list(o.year ORDER BY o.year) AS years,
    list(CAST(o.value AS DOUBLE) ORDER BY o.year) AS "values", list(o.obs_status ORDER BY o.year) AS statuses,
    list(o.in_doubt ORDER BY o.year) AS doubts
FROM observations AS o
INNER JOIN indicators AS i ON i.indicator = o.indicator
WHERE o.applicant = 'total' AND o.body_id IN (SELECT unnest($bodies))
GROUP BY ALL
ORDER BY ALL
