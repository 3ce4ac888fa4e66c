-- One row per finding about applications carried in that says otherwise than the gap to the year before.
-- Severity: error.
-- Within one body.
-- Materialized: the plan may otherwise join all findings and gaps on the few kinds of applicants first.
WITH carried AS MATERIALIZED (
    SELECT
        f.report_id, r.body_id, r.year, f."place", split_part(f."place", '/', 3) AS applicant, f.status, f.lhs, f.rhs,
        f.difference
    FROM findings AS f
    INNER JOIN reports AS r ON r.report_id = f.report_id
    WHERE f.identity = 'year.carry'
)

SELECT f.report_id, f."place", f.status, f.lhs, f.rhs, c.carried_in, c.carried_out_before, c.gap
FROM carried AS f
INNER JOIN carry AS c ON c.body_id = f.body_id AND c.year = f.year AND c.applicant = f.applicant
WHERE
    f.lhs IS DISTINCT FROM c.carried_in
    OR f.rhs IS DISTINCT FROM c.carried_out_before
    OR f.difference IS DISTINCT FROM c.gap
