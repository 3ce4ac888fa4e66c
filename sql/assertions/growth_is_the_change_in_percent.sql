-- One row per growth whose change, percentage, comparability or note does not follow from its two figures.
-- Severity: error.
-- Within one body.
SELECT body_id, basis, year, indicator, applicant, value, prior, prior_basis, change, growth_percent, comparable
FROM growth
WHERE
    change IS DISTINCT FROM if(prior_basis = 'series_broken', NULL, value - prior)
    OR comparable <> (prior_basis IN ('same', 'predecessors', 'new'))
    OR (growth_percent IS NULL) <> (coalesce(prior, 0) <= 0 OR prior_basis NOT IN ('same', 'predecessors'))
    OR abs(growth_percent - (100e0 * value / nullif(prior, 0) - 100)) > 0.0001
    OR (note IS NOT NULL AND prior_basis <> 'series_broken')
