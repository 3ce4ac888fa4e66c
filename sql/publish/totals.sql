-- One row per body, year and indicator: the figure for all kinds of applicant together.
SELECT
    o.body_id, b.name AS body, b.level, b.city, b.province, o.year, o.indicator, i.zh, i.en, o.value, o.unit, o.series,
    o.obs_status, o.in_doubt, o.implied, o.provenance, o.report_id, o.cell
FROM observations AS o
INNER JOIN bodies AS b ON b.body_id = o.body_id
INNER JOIN indicators AS i ON i.indicator = o.indicator
WHERE o.applicant = 'total'
