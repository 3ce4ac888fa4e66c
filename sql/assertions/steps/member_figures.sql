-- One row per city and known additive figure of a member that should report.
SELECT m.city_id, m.year, m.body_id, m.lineage, o.indicator, o.applicant, o.series, o.value, o.provenance
FROM observations AS o
INNER JOIN due_members AS m ON m.body_id = o.body_id AND m.year = o.year
SEMI JOIN indicators AS i ON i.indicator = o.indicator AND i.additive = 'yes'
WHERE o.value IS NOT NULL
