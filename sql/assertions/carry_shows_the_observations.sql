-- One row per number of applications in `carry` that is not the observation of its body, year and kind of applicant.
-- Severity: error.
-- Within one body.
WITH shown AS (
    SELECT body_id, year, applicant, 'applications.carried_in' AS indicator, carried_in AS value, provenance FROM carry
    UNION ALL
    SELECT body_id, year, applicant, 'applications.new', new, provenance FROM carry
    UNION ALL
    SELECT body_id, year, applicant, 'applications.handled', handled, provenance FROM carry
    UNION ALL
    SELECT body_id, year, applicant, 'applications.carried_out', carried_out, provenance FROM carry
),

observed AS (
    SELECT body_id, year, applicant, indicator, value, provenance
    FROM observations
    WHERE indicator IN ('applications.carried_in', 'applications.new', 'applications.handled', 'applications.carried_out')
)

SELECT
    coalesce(s.body_id, o.body_id) AS body_id,
    coalesce(s.year, o.year) AS year,
    coalesce(s.applicant, o.applicant) AS applicant,
    coalesce(s.indicator, o.indicator) AS indicator,
    s.value, o.value AS observation
FROM shown AS s
FULL JOIN observed AS o
    ON o.body_id = s.body_id AND o.year = s.year AND o.applicant = s.applicant AND o.indicator = s.indicator
WHERE s.value IS DISTINCT FROM o.value OR s.body_id IS NULL OR (o.provenance <> s.provenance AND s.provenance <> 'mixed')
