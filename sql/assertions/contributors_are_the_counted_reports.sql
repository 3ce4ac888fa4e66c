-- One row per report that `contributors` lacks, or lists for another body, member or report.
-- Severity: error.
SELECT
    coalesce(c.body_id, k.body_id) AS body_id,
    coalesce(c.year, k.year) AS year,
    coalesce(c.contributor, k.contributor) AS contributor,
    c.member, k.member AS expected_member, c.report_id
FROM contributors AS c
FULL JOIN counted_reports AS k ON k.body_id = c.body_id AND k.year = c.year AND k.contributor = c.contributor
LEFT JOIN reports AS r ON r.report_id = c.report_id AND r.status = 'loaded'
WHERE
    c.member IS DISTINCT FROM k.member
    OR c.provenance IS DISTINCT FROM k.provenance
    OR r.body_id IS DISTINCT FROM c.contributor
    OR r.year IS DISTINCT FROM c.year
