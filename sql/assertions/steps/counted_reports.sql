-- One row per body with members, year and loaded report that counts for it: going up from the report, a body that
-- reported itself is the last for which the report counts. `member` is the member on the way.
WITH RECURSIVE own AS (
    SELECT DISTINCT r.body_id, r.year, r.provenance
    FROM reports AS r
    WHERE r.status = 'loaded'
),

up AS (
    SELECT d.parent AS body_id, d.year, d.body_id AS member, d.body_id AS contributor, o.provenance
    FROM due_bodies AS d
    INNER JOIN own AS o ON o.body_id = d.body_id AND o.year = d.year
    WHERE d.parent IS NOT NULL
    UNION ALL
    SELECT d.parent, u.year, d.body_id, u.contributor, u.provenance
    FROM up AS u
    INNER JOIN due_bodies AS d ON d.body_id = u.body_id AND d.year = u.year AND d.parent IS NOT NULL
    LEFT JOIN own AS o ON o.body_id = u.body_id AND o.year = u.year
    WHERE o.body_id IS NULL
)

SELECT body_id, year, member, contributor, provenance FROM up
