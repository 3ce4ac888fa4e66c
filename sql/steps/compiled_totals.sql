-- One row per total that is compiled from members or reported by the body itself, with the compiled figure.
-- The member columns come from `member_counts`, or from the gap models if a loaded report is missing from the total.
WITH compiled AS (
    SELECT
        s.total_id, s.series, s.value, s.in_doubt, s.implied,
        CASE WHEN g.total_id IS NULL THEN m.counted ELSE g.members_counted END AS counted,
        CASE WHEN g.total_id IS NULL THEN m.absent ELSE g.members_missing END AS members_missing,
        CASE WHEN g.total_id IS NULL THEN m.provenance ELSE g.provenance END AS provenance,
        CASE WHEN l.total_id IS NULL THEN m.missing_lineages_before ELSE l.missing_lineages_before END
            AS missing_lineages_before,
        CASE WHEN l.total_id IS NULL THEN m.missing_lineages_after ELSE l.missing_lineages_after END
            AS missing_lineages_after,
        m.partial_lineages + coalesce(l.partial_lineages, 0) AS partial_lineages
    FROM sums AS s
    INNER JOIN member_counts AS m ON m.body_id = s.body_id AND m.year = s.year
    LEFT JOIN member_gaps AS g ON g.total_id = s.total_id
    LEFT JOIN lineage_gaps AS l ON l.total_id = s.total_id
),

reported AS (
    SELECT
        concat(CAST(o.year AS VARCHAR), '/', o.body_id, '/', o.indicator, '/', o.applicant) AS total_id,
        o.series, o.value, o.obs_status, o.in_doubt, o.provenance
    FROM observations AS o
    INNER JOIN member_counts AS m ON m.body_id = o.body_id AND m.year = o.year
)

SELECT
    coalesce(c.total_id, r.total_id) AS total_id,
    CASE WHEN c.total_id IS NULL THEN r.series ELSE c.series END AS series,
    c.value AS compiled, c.in_doubt, c.implied, c.counted, c.members_missing, c.missing_lineages_before, c.missing_lineages_after,
    c.partial_lineages, c.provenance AS compiled_provenance,
    r.value AS reported, r.obs_status AS reported_status, r.in_doubt AS reported_in_doubt,
    r.provenance AS reported_provenance
FROM compiled AS c
FULL JOIN reported AS r ON r.total_id = c.total_id
