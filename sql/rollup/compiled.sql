-- One row per body with members, year, indicator and kind of applicant: the sum over its members next to its own figure.
-- Members are the bodies below that should report for that year. The body's own report is never part of the sum. For
-- a member without a loaded report, the sum of its own members counts instead. `contributors` lists the reports of a sum.
WITH places AS (
    SELECT
        *,
        CAST(split_part(total_id, '/', 1) AS INTEGER) AS year,
        split_part(total_id, '/', 2) AS body_id,
        split_part(total_id, '/', 3) AS indicator,
        split_part(total_id, '/', 4) AS applicant
    FROM compiled_totals
)

SELECT
    p.total_id, p.body_id, b.name AS body, b.level, p.year, p.indicator, p.applicant, p.series, i.unit,
    CAST(p.compiled AS DECIMAL(18, 6)) AS compiled,
    p.compiled_provenance,
    CAST(coalesce(p.in_doubt, 0) AS BIGINT) AS in_doubt,
    CAST(p.implied AS DECIMAL(18, 6)) AS implied,
    m.expected AS members_expected,
    m.reported AS members_reported,
    m.counted - m.reported AS members_substituted,
    CAST(coalesce(p.counted, 0) AS BIGINT) AS members_counted,
    -- Where no member gives a figure, the members and lineages below are not listed.
    p.members_missing,
    p.missing_lineages_before,
    p.missing_lineages_after,
    CAST(CASE WHEN p.compiled IS NULL THEN 0 ELSE p.partial_lineages END AS BIGINT) AS partial_lineages,
    p.reported, p.reported_status, p.reported_in_doubt, p.reported_provenance,
    CAST(p.compiled - p.reported AS DECIMAL(18, 6)) AS difference,
    CASE
        WHEN p.compiled IS NULL THEN 'not_compiled'
        WHEN p.reported IS NULL THEN 'not_reported'
        WHEN p.counted < m.expected THEN 'members_missing'
        WHEN p.compiled = p.reported THEN 'equal'
        ELSE 'differs'
    END AS status
FROM places AS p
INNER JOIN bodies AS b ON b.body_id = p.body_id
INNER JOIN indicators AS i ON i.indicator = p.indicator
INNER JOIN member_counts AS m ON m.body_id = p.body_id AND m.year = p.year
