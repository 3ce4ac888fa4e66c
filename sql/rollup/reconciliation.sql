-- One row per body with members and year: the number of figures that equal the sum of the members, and of members that reported.
SELECT
    body_id, body, year,
    max(members_expected) AS members_expected,
    max(members_reported) AS members_reported,
    max(members_substituted) AS members_substituted,
    count(*) AS figures,
    count(CASE WHEN status = 'equal' THEN 1 END) AS equal,
    count(CASE WHEN status = 'differs' THEN 1 END) AS differs,
    count(CASE WHEN status = 'members_missing' THEN 1 END) AS members_missing,
    count(CASE WHEN status = 'not_reported' THEN 1 END) AS not_reported,
    count(CASE WHEN status = 'not_compiled' THEN 1 END) AS not_compiled,
    count(CASE WHEN in_doubt > 0 THEN 1 END) AS in_doubt,
    max(abs(difference)) AS largest_difference,
    CASE
        WHEN min(coalesce(compiled_provenance, reported_provenance)) = max(coalesce(compiled_provenance, reported_provenance))
            THEN min(coalesce(compiled_provenance, reported_provenance))
        ELSE 'mixed'
    END AS provenance
FROM compiled
GROUP BY body_id, body, year
