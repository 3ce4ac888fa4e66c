-- One row per compiled figure whose previous figure, or the origin of it, is not the compiled one of the year before.
-- Severity: error.
WITH expected AS (
    SELECT
        g.body_id, g.year, g.indicator, g.applicant, g.prior, g.prior_basis,
        p.compiled,
        c.series = p.series AS is_one_series,
        concat(c.missing_lineages_before, '') = concat(p.missing_lineages_after, '')
        AND c.partial_lineages + p.partial_lineages = 0 AS has_same_members
    FROM growth AS g
    LEFT JOIN compiled AS c
        ON c.body_id = g.body_id AND c.year = g.year AND c.indicator = g.indicator AND c.applicant = g.applicant
    LEFT JOIN earlier.compiled AS p
        ON p.body_id = g.body_id AND p.year = g.year - 1 AND p.indicator = g.indicator AND p.applicant = g.applicant
    WHERE g.basis = 'compiled'
)

SELECT body_id, year, indicator, applicant, prior, compiled AS compiled_before, prior_basis
FROM expected
WHERE
    prior IS DISTINCT FROM compiled
    OR prior_basis <> CASE
        WHEN compiled IS NULL THEN 'missing'
        WHEN is_one_series IS NOT TRUE THEN 'series_broken'
        WHEN has_same_members THEN 'same'
        ELSE 'members_differ'
    END
