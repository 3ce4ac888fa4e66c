-- One row per observation that names another total than that of its city, or none although it adds up to one.
-- Severity: error.
WITH expected AS (
    SELECT
        o.body_id, o.year, o.indicator, o.applicant, o.total_id,
        CASE WHEN i.additive = 'yes' AND m.city_id IS NOT NULL
            THEN concat_ws('/', o.year, m.city_id, o.indicator, o.applicant) END AS expected_id
    FROM observations AS o
    INNER JOIN indicators AS i ON i.indicator = o.indicator
    LEFT JOIN due_members AS m ON m.body_id = o.body_id AND m.year = o.year
)

SELECT body_id, year, indicator, applicant, total_id, expected_id
FROM expected
WHERE total_id IS DISTINCT FROM expected_id
