-- One row per body with members, year and body below it: each member, and the members of those without a loaded report.
-- `member` is the member through which the figures of `contributor` come. It is the contributor itself if it reported.
WITH RECURSIVE below AS (
    SELECT parent AS body_id, year, body_id AS member, body_id AS contributor, status
    FROM due
    WHERE parent IS NOT NULL
    UNION ALL
    SELECT b.body_id, b.year, b.member, d.body_id, d.status
    FROM below AS b
    INNER JOIN due AS d ON d.parent = b.contributor AND d.year = b.year
    WHERE b.status <> 'loaded'
)

SELECT
    b.body_id, b.year, b.member, b.contributor, b.status, d.lineage, d.existed_before, d.exists_after, d.report_id,
    d.provenance
FROM below AS b
INNER JOIN due AS d ON d.body_id = b.contributor AND d.year = b.year
