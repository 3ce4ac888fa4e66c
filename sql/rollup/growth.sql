-- One row a body, basis, year, indicator and kind of applicant: the figure beside that of the year before.
-- Compiled figures of two years are compared only where the same members stand behind both.
WITH series AS (
    SELECT body_id, 'compiled' AS basis, year, indicator, applicant, unit, compiled AS value,
        compiled_provenance AS provenance, members
    FROM city_year
    WHERE compiled IS NOT NULL
    UNION ALL
    SELECT o.body_id, 'reported', o.year, o.indicator, o.applicant, o.unit, o.value, o.provenance, o.body_id
    FROM observations AS o
    INNER JOIN indicators AS i ON i.indicator = o.indicator
    WHERE i.additive = 'yes' AND o.value IS NOT NULL
)

SELECT
    a.body_id, a.basis, a.year, a.indicator, a.applicant, a.unit,
    a.value,
    b.value AS prior,
    CAST(a.value - b.value AS DECIMAL(18, 6)) AS change,
    CASE
        WHEN b.value > 0 AND a.members = b.members
            THEN CAST(round(100.0 * (a.value - b.value) / b.value, 4) AS DECIMAL(18, 4))
    END AS growth_percent,
    a.members = b.members AS comparable,
    CASE WHEN b.provenance <> a.provenance THEN 'mixed' ELSE a.provenance END AS provenance
FROM series AS a
LEFT JOIN series AS b
    ON b.body_id = a.body_id
    AND b.basis = a.basis
    AND b.year = a.year - 1
    AND b.indicator = a.indicator
    AND b.applicant = a.applicant
