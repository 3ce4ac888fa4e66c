-- One row per figure of the own report of a body with members that `compiled` lacks or shows otherwise.
-- Severity: error.
WITH own AS (
    SELECT o.body_id, o.year, o.indicator, o.applicant, o.series, o.value, o.obs_status, o.in_doubt, o.provenance
    FROM observations AS o
    SEMI JOIN due_bodies AS b ON b.parent = o.body_id AND b.year = o.year
)

SELECT
    coalesce(c.body_id, o.body_id) AS body_id,
    coalesce(c.year, o.year) AS year,
    coalesce(c.indicator, o.indicator) AS indicator,
    coalesce(c.applicant, o.applicant) AS applicant,
    c.reported, o.value, c.reported_status, o.obs_status, c.reported_provenance, o.provenance
FROM compiled AS c
FULL JOIN own AS o
    ON o.body_id = c.body_id AND o.year = c.year AND o.indicator = c.indicator AND o.applicant = c.applicant
WHERE
    c.body_id IS NULL
    OR c.reported IS DISTINCT FROM o.value
    OR c.reported_status IS DISTINCT FROM o.obs_status
    OR c.reported_in_doubt IS DISTINCT FROM o.in_doubt
    OR c.reported_provenance IS DISTINCT FROM o.provenance
    OR (c.compiled IS NULL AND c.series IS DISTINCT FROM o.series)
