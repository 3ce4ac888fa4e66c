-- One row per body, year, additive indicator and kind of applicant: the figure, if it is known.
-- Looks back one year.
SELECT o.body_id, o.year, o.indicator, o.applicant, o.unit, o.series, o.value, o.provenance
FROM observations AS o
INNER JOIN indicators AS i ON i.indicator = o.indicator
WHERE i.additive = 'yes' AND o.value IS NOT NULL
