-- One row per body in $bodies: the years of its reports with a date of publication, with the date and the days late.
SELECT
    body_id, list(year ORDER BY year) AS years, list(CAST(published_on AS VARCHAR) ORDER BY year) AS dates,
    list(days_late ORDER BY year) AS days_late
FROM timeliness
WHERE body_id IN (SELECT unnest($bodies)) AND published_on IS NOT NULL
GROUP BY body_id
ORDER BY body_id
