-- One row per body in $bodies and indicator: the years, values and statuses of its own totals. All lists have the
-- same order, which is not that of the years.
SELECT
    o.body_id, i.position, list(o.year) AS years, list(CAST(o.value AS DOUBLE)) AS "values",
    list(o.obs_status) AS statuses, list(o.in_doubt) AS doubts
FROM observations AS o
INNER JOIN indicators AS i ON i.indicator = o.indicator
WHERE o.applicant = 'total' AND o.body_id IN (SELECT unnest($bodies))
GROUP BY ALL
ORDER BY o.body_id, i.position
