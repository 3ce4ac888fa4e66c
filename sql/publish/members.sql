-- One row per member of a city, year and indicator: the figures that add up to `cities.compiled`.
SELECT
    o.body_id, b.name AS body, b.level, b.parent AS city_id, c.name AS city, o.year, o.indicator, i.zh, i.en, o.value, o.unit,
    o.series, o.obs_status, o.provenance, o.report_id, o.cell
FROM observations AS o
INNER JOIN bodies AS b ON b.body_id = o.body_id
INNER JOIN bodies AS c ON c.body_id = b.parent
INNER JOIN indicators AS i ON i.indicator = o.indicator AND i.additive = 'yes'
WHERE o.applicant = 'total' AND o.total_id IS NOT NULL
