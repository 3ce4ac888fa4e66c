-- One row per city, year and indicator: the sum of the members next to the city's own figure, for all kinds of applicant.
SELECT
    c.body_id, c.body, c.year, c.indicator, i.zh, i.en, c.compiled, c.in_doubt, c.implied, c.members_counted,
    c.members_substituted, c.members_expected, c.reported, c.reported_in_doubt, c.difference, c.status, c.unit, c.series,
    c.compiled_provenance, c.reported_provenance
FROM city_year AS c
INNER JOIN indicators AS i ON i.indicator = c.indicator
WHERE c.applicant = 'total'
