-- One row per observation that names another total than that of its parent, or none although it adds up to one.
-- Severity: error.
WITH expected AS (
    SELECT
        o.body_id, o.year, o.indicator, o.applicant, o.total_id,
        CASE WHEN i.additive = 'yes' AND o.value IS NOT NULL AND m.parent IS NOT NULL AND r.status = 'loaded'
            THEN concat_ws('/', o.year, m.parent, o.indicator, o.applicant) END AS expected_id
    FROM observations AS o
    INNER JOIN indicators AS i ON i.indicator = o.indicator
    INNER JOIN reports AS r ON r.report_id = o.report_id
    LEFT JOIN due_bodies AS m ON m.body_id = o.body_id AND m.year = o.year
)

SELECT body_id, year, indicator, applicant, total_id, expected_id
FROM expected
WHERE total_id IS DISTINCT FROM expected_id
