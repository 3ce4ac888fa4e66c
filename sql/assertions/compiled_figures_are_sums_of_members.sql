-- One row per total that is not the sum of the figures that count for it, or that counts other members or doubts.
-- Severity: error.
WITH sums AS (
    SELECT
        parent, year, indicator, applicant,
        sum(value) AS value,
        count(DISTINCT member) AS members,
        count(in_doubt) AS doubts,
        if(count_if(in_doubt = 'certified') > 0, sum(if(in_doubt = 'certified', implied, value)), NULL) AS implied,
        if(min(series) = max(series), min(series), NULL) AS series,
        if(min(provenance) = max(provenance), min(provenance), 'mixed') AS provenance
    FROM member_figures
    GROUP BY parent, year, indicator, applicant
)

SELECT
    coalesce(c.body_id, s.parent) AS body_id,
    coalesce(c.year, s.year) AS year,
    coalesce(c.indicator, s.indicator) AS indicator,
    coalesce(c.applicant, s.applicant) AS applicant,
    c.compiled, s.value AS sum_of_members, c.members_counted, s.members, c.in_doubt, s.doubts, c.compiled_provenance,
    s.provenance
FROM compiled AS c
FULL JOIN sums AS s
    ON s.parent = c.body_id AND s.year = c.year AND s.indicator = c.indicator AND s.applicant = c.applicant
WHERE
    c.compiled IS DISTINCT FROM s.value
    OR coalesce(c.members_counted, -1) <> coalesce(s.members, 0)
    OR coalesce(c.in_doubt, -1) <> coalesce(s.doubts, 0)
    OR c.implied IS DISTINCT FROM s.implied
    OR (s.value IS NOT NULL AND c.series IS DISTINCT FROM s.series)
    OR c.compiled_provenance IS DISTINCT FROM s.provenance
