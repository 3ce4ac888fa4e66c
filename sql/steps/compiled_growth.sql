-- One row per compiled figure: the figure next to the previous year's figure.
-- Two years are comparable only if the same lineages contributed to both, and all their forms count alike.
-- Looks back one year.
SELECT
    c.body_id, c.year, c.indicator, c.applicant, c.unit, c.series,
    c.compiled AS value,
    coalesce(c.implied, c.compiled) AS implied,
    p.compiled AS prior,
    coalesce(p.implied, p.compiled) AS implied_prior,
    c.in_doubt + coalesce(p.in_doubt, 0) AS doubts,
    CASE
        WHEN p.compiled IS NULL THEN 'missing'
        WHEN c.series IS NULL OR p.series IS NULL OR c.series <> p.series THEN 'series_broken'
        WHEN c.missing_lineages_before IS NOT DISTINCT FROM p.missing_lineages_after
            AND c.partial_lineages = 0
            AND p.partial_lineages = 0
            THEN 'same'
        ELSE 'members_differ'
    END AS prior_basis,
    CASE WHEN p.compiled_provenance <> c.compiled_provenance THEN 'mixed' ELSE c.compiled_provenance END AS provenance
FROM compiled AS c
LEFT JOIN compiled AS p
    ON p.body_id = c.body_id
    AND p.year = c.year - 1
    AND p.indicator = c.indicator
    AND p.applicant = c.applicant
    AND p.compiled IS NOT NULL
WHERE c.compiled IS NOT NULL
