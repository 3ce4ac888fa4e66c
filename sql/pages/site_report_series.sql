-- One row per body in $bodies: the years of its reports, with status, form and provenance of one report per year.
-- Of several reports a loaded one is taken.
WITH one_report_per_year AS (
    SELECT DISTINCT ON (body_id, year) *
    FROM reports
    ORDER BY body_id, year, status <> 'loaded', report_id
)

SELECT
    body_id, list(year ORDER BY year) AS years, list(status ORDER BY year) AS statuses,
    list(form ORDER BY year) AS forms, list(provenance ORDER BY year) AS provenances
FROM one_report_per_year
WHERE body_id IN (SELECT unnest($bodies))
GROUP BY body_id
ORDER BY body_id
