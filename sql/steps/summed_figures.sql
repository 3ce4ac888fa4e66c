-- One row per total and figure that contributes to it: to the parent's total, and to those above that count it instead.
-- An unknown figure is in it too, so that the total can name the body.
SELECT total_id, body_id, series, value, in_doubt, implied
FROM observations
WHERE total_id IS NOT NULL
UNION ALL
SELECT
    concat(CAST(o.year AS VARCHAR), '/', c.body_id, '/', o.indicator, '/', o.applicant),
    o.body_id, o.series, o.value, o.in_doubt, o.implied
FROM observations AS o
INNER JOIN contributors AS c ON c.contributor = o.body_id AND c.year = o.year AND c.member <> c.contributor
WHERE o.total_id IS NOT NULL
UNION ALL
SELECT
    concat(CAST(o.year AS VARCHAR), '/', c.body_id, '/', o.indicator, '/', o.applicant),
    o.body_id, o.series, NULL, NULL, NULL
FROM observations AS o
INNER JOIN contributors AS c ON c.contributor = o.body_id AND c.year = o.year
INNER JOIN indicators AS i ON i.indicator = o.indicator AND i.additive = 'yes'
WHERE o.value IS NULL
