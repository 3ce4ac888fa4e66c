-- One row per body, year and kind of applicant: applications carried in, new, handled and carried out.
-- `gap` is the number carried in minus the number that the previous report carried out; null if one is unknown.
-- Looks back one year.
WITH flows AS (
    SELECT
        body_id, year, applicant,
        max(CASE WHEN indicator = 'applications.carried_in' THEN value END) AS carried_in,
        max(CASE WHEN indicator = 'applications.new' THEN value END) AS new,
        max(CASE WHEN indicator = 'applications.handled' THEN value END) AS handled,
        max(CASE WHEN indicator = 'applications.carried_out' THEN value END) AS carried_out,
        max(provenance) AS provenance
    FROM observations
    WHERE
        indicator IN (
            'applications.carried_in', 'applications.new', 'applications.handled', 'applications.carried_out'
        )
    GROUP BY body_id, year, applicant
)

SELECT
    a.body_id, a.year, a.applicant, a.carried_in, a.new, a.handled, a.carried_out,
    b.carried_out AS carried_out_before,
    CAST(a.carried_in - b.carried_out AS DECIMAL(18, 6)) AS gap,
    CASE WHEN b.provenance <> a.provenance THEN 'mixed' ELSE a.provenance END AS provenance
FROM flows AS a
LEFT JOIN flows AS b ON b.body_id = a.body_id AND b.year = a.year - 1 AND b.applicant = a.applicant
