-- One row per figure of a body, year, indicator and kind of applicant whose value differs between two snapshots; first those that both have.
SELECT
    coalesce(n.body_id, o.body_id) AS body_id,
    any_value(b.name) AS body,
    coalesce(n.year, o.year) AS year,
    coalesce(n.indicator, o.indicator) AS indicator,
    any_value(i.zh) AS zh,
    any_value(i.en) AS en,
    coalesce(n.applicant, o.applicant) AS applicant,
    any_value(coalesce(n.unit, o.unit)) AS unit,
    any_value(o.value) AS old_value,
    any_value(n.value) AS new_value
FROM old_observations AS o
FULL JOIN new_observations AS n
    ON n.body_id = o.body_id AND n.year = o.year AND n.indicator = o.indicator AND n.applicant = o.applicant
LEFT JOIN bodies AS b ON b.body_id = coalesce(n.body_id, o.body_id)
LEFT JOIN indicators AS i ON i.indicator = coalesce(n.indicator, o.indicator)
WHERE o.value IS DISTINCT FROM n.value
GROUP BY ALL
ORDER BY old_value IS NULL OR new_value IS NULL, year, body_id, indicator, applicant
