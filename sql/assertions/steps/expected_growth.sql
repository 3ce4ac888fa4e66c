-- One row per reported figure in `growth`: what its sources published for the year before.
SELECT
    g.body_id, g.year, g.indicator, g.applicant, g.provenance AS shown_provenance,
    count(s.source) AS sources,
    count(p.value) AS known,
    sum(p.value) AS prior,
    coalesce(bool_or(p.series <> g.series), FALSE) AS is_broken,
    coalesce(bool_or(s.source <> g.body_id), FALSE) AS has_others,
    count(DISTINCT p.provenance) AS prior_provenances,
    max(p.provenance) AS prior_provenance,
    g.body_id IN (
        SELECT unnest([x.body_id, x.successor]) FROM successions AS x WHERE x.year = g.year AND x.kind IN ('split', 'land_moved')
    ) AS is_split
FROM growth AS g
LEFT JOIN growth_sources AS s ON s.body_id = g.body_id AND s.year = g.year
LEFT JOIN earlier.observations AS p
    ON p.body_id = s.source
    AND p.year = g.year - 1
    AND p.indicator = g.indicator
    AND p.applicant = g.applicant
    AND p.value IS NOT NULL
WHERE g.basis = 'reported'
GROUP BY g.body_id, g.year, g.indicator, g.applicant, g.provenance
