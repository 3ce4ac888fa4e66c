-- One row per indicator that no cell counts for, or whose series do not begin at 1 and go up one by one.
-- Severity: error.
SELECT i.indicator, min(x.series) AS first_series, max(x.series) AS last_series
FROM indicators AS i
LEFT JOIN crosswalk AS x ON x.indicator = i.indicator
GROUP BY i.indicator
HAVING coalesce(min(x.series), 0) <> 1 OR max(x.series) <> count(DISTINCT x.series)
