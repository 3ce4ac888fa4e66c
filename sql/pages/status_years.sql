-- One row per report year and provenance: how many reports are loaded.
SELECT year, provenance, count(*) AS reports
FROM reports
WHERE status = 'loaded'
GROUP BY year, provenance
ORDER BY year, provenance
