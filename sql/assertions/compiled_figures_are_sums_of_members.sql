-- One row per total that is not the sum of its members' figures, or that counts other members.
-- Severity: error.
WITH sums AS (
    SELECT
        city_id, year, indicator, applicant,
        sum(value) AS value,
        count(*) AS members,
        if(min(series) = max(series), min(series), NULL) AS series,
        if(min(provenance) = max(provenance), min(provenance), 'mixed') AS provenance
    FROM member_figures
    GROUP BY city_id, year, indicator, applicant
)

SELECT
    coalesce(c.body_id, s.city_id) AS body_id,
    coalesce(c.year, s.year) AS year,
    coalesce(c.indicator, s.indicator) AS indicator,
    coalesce(c.applicant, s.applicant) AS applicant,
    c.compiled, s.value AS sum_of_members, c.members_counted, s.members, c.compiled_provenance, s.provenance
FROM city_year AS c
FULL JOIN sums AS s
    ON s.city_id = c.body_id AND s.year = c.year AND s.indicator = c.indicator AND s.applicant = c.applicant
WHERE
    c.compiled IS DISTINCT FROM s.value
    OR coalesce(c.members_counted, -1) <> coalesce(s.members, 0)
    OR (s.value IS NOT NULL AND c.series IS DISTINCT FROM s.series)
    OR c.compiled_provenance IS DISTINCT FROM s.provenance
