-- One row per indicator that at least one member of the city $body reports as an estimate.
SELECT DISTINCT o.indicator
FROM observations AS o
INNER JOIN coverage AS c ON c.body_id = o.body_id AND c.year = o.year AND c.status = 'loaded'
WHERE c.city_id = $body AND o.year = $year AND o.obs_status = 'E'
