-- One row per member of a city: its figure, with the report; null where the member gives none.
SELECT
    c.body_id, c.body, c.status, c.note, o.value, o.unit, o.obs_status, o.provenance, o.report_id, o.cell, r.path, r.form
FROM coverage AS c
LEFT JOIN observations AS o
    ON o.body_id = c.body_id AND o.year = c.year AND o.indicator = $indicator AND o.applicant = $applicant
LEFT JOIN reports AS r ON r.report_id = c.report_id
WHERE c.city_id = $body AND c.year = $year
ORDER BY c.body_id
