-- One row per indicator that at least one report in the compiled figures of $body gives as an estimate.
SELECT DISTINCT o.indicator
FROM observations AS o
INNER JOIN contributors AS c ON c.contributor = o.body_id AND c.year = o.year
WHERE c.body_id = $body AND o.year = $year AND o.obs_status = 'E'
