-- One row per body with members, year, indicator and report that its compiled figure sums up: the figure of the report.
SELECT
    c.body_id AS parent, p.name AS parent_name, p.level AS parent_level, c.member, o.body_id, b.name AS body, b.level, o.year,
    o.indicator, i.zh, i.en, o.value, o.unit, o.series, o.obs_status, o.in_doubt, o.implied, o.provenance, o.report_id, o.cell
FROM contributors AS c
INNER JOIN observations AS o ON o.body_id = c.contributor AND o.year = c.year
INNER JOIN bodies AS b ON b.body_id = o.body_id
INNER JOIN bodies AS p ON p.body_id = c.body_id
INNER JOIN indicators AS i ON i.indicator = o.indicator AND i.additive = 'yes'
WHERE o.applicant = 'total'
