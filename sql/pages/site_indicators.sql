-- One row per indicator, with its names and unit, and the years for which any body with members has a figure.
SELECT i.indicator AS id, i.zh, i.en, i.unit, coalesce(y.years, []) AS years
FROM indicators AS i
LEFT JOIN (
    SELECT indicator, list(DISTINCT year ORDER BY year) AS years
    FROM compiled
    WHERE applicant = 'total' AND (compiled IS NOT NULL OR reported IS NOT NULL)
    GROUP BY indicator
) AS y ON y.indicator = i.indicator
ORDER BY i.position
