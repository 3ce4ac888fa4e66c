-- One row per headline figure whose stated growth is not the one that the city's report states.
-- Severity: error.
SELECT h.body_id, h.year, h.indicator, h.reported_growth, o.value
FROM headline AS h
LEFT JOIN observations AS o
    ON o.body_id = h.body_id AND o.year = h.year AND o.indicator = h.indicator || '_growth' AND o.applicant = 'total'
WHERE h.reported_growth IS DISTINCT FROM round(o.value, 4)
