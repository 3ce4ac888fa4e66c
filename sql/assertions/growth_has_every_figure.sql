-- One row per known additive figure that `growth` lacks or shows with another value or series.
-- Severity: error.
-- Within one body.
WITH figures_of_year AS (
    SELECT o.body_id, 'reported' AS basis, o.year, o.indicator, o.applicant, o.series, o.value
    FROM observations AS o
    SEMI JOIN indicators AS i ON i.indicator = o.indicator AND i.additive = 'yes'
    WHERE o.value IS NOT NULL
    UNION ALL
    SELECT body_id, 'compiled', year, indicator, applicant, series, compiled FROM compiled WHERE compiled IS NOT NULL
)

SELECT
    coalesce(g.body_id, f.body_id) AS body_id,
    coalesce(g.basis, f.basis) AS basis,
    coalesce(g.year, f.year) AS year,
    coalesce(g.indicator, f.indicator) AS indicator,
    coalesce(g.applicant, f.applicant) AS applicant,
    g.value, f.value AS figure
FROM growth AS g
FULL JOIN figures_of_year AS f
    ON f.body_id = g.body_id
    AND f.basis = g.basis
    AND f.year = g.year
    AND f.indicator = g.indicator
    AND f.applicant = g.applicant
WHERE g.value IS DISTINCT FROM f.value OR g.series IS DISTINCT FROM f.series
