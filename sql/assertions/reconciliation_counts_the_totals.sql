-- One row per body, year and outcome with another number of totals than `compiled` has.
-- Severity: error.
WITH shown AS (
    SELECT body_id, year, 'equal' AS status, equal AS figures FROM reconciliation
    UNION ALL
    SELECT body_id, year, 'differs', differs FROM reconciliation
    UNION ALL
    SELECT body_id, year, 'members_missing', members_missing FROM reconciliation
    UNION ALL
    SELECT body_id, year, 'not_reported', not_reported FROM reconciliation
    UNION ALL
    SELECT body_id, year, 'not_compiled', not_compiled FROM reconciliation
    UNION ALL
    SELECT body_id, year, 'all', figures FROM reconciliation
),

counted AS (
    SELECT body_id, year, coalesce(status, 'all') AS status, count(*) AS figures
    FROM compiled
    GROUP BY GROUPING SETS ((body_id, year, status), (body_id, year))
)

SELECT
    coalesce(s.body_id, c.body_id) AS body_id,
    coalesce(s.year, c.year) AS year,
    coalesce(s.status, c.status) AS status,
    s.figures, c.figures AS totals
FROM shown AS s
FULL JOIN counted AS c ON c.body_id = s.body_id AND c.year = s.year AND c.status = s.status
WHERE coalesce(s.figures, -1) <> coalesce(c.figures, 0)
